package io.tallyhook.payment.callback;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.InterventionResult;
import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.provider.Check;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything about one delivery.
 *
 * @param headers those that are kept, by lower-case name
 * @param body the raw body as text
 * @param content the body decoded and decrypted, as JSON text; an empty object if that is not possible
 * @param masked whether personal data in body and content are hidden
 * @param checks what it was held against, in order
 * @param reply what the provider was answered
 * @param caused the payment that it names, as it stands now
 * @param siblings the other deliveries of the same notification, or of the same payment where it names none
 * @param interventions what people did with it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CallbackDetail(
        @JsonUnwrapped CallbackLine line,
        Map<String, String> headers,
        String body,
        String content,
        boolean masked,
        List<CheckResult> checks,
        Answered reply,
        @Nullable Caused caused,
        List<CallbackLine> siblings,
        List<Intervention> interventions) {

    /** How a check came out. */
    public enum Result {
        PASSED,
        FAILED,
        /** An earlier check had failed already. */
        NOT_REACHED
    }

    /**
     * One check with both values, where it compares values.
     *
     * @param expected ours
     * @param actual the message's
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record CheckResult(
            Check check,
            Result result,
            @Nullable String expected,
            @Nullable String actual) {}

    /** The HTTP answer. */
    public record Answered(int status, String contentType, String body) {}

    /** What became of the payment that the delivery names. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Caused(
            String outTradeNo,
            String purpose,
            String reference,
            PaymentState state,
            FulfilmentState fulfilment,
            @Nullable ParkingReason fulfilmentReason) {}

    /**
     * What a person did.
     *
     * @param result what came of it, in English
     * @param said the same, to be said in any language; absent where nothing but the English was stored
     */
    public record Intervention(
            Instant at,
            String actor,
            String action,
            String result,
            @JsonIgnore @Nullable InterventionResult said) {}
}
