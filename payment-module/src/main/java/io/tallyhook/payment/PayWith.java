package io.tallyhook.payment;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The body of every {@code POST …/payments}: how the payer wants to pay.
 *
 * @param provider such as {@code wechat}
 * @param account our account there; may be left out where there can be only one, as for the provider {@code wallet}
 * @param method such as {@code native}
 * @param expiresInSeconds 60 to 604,800; without effect on what is paid at once
 * @param fields what only this method needs, such as {@code openid}; the method refuses those it does not know
 */
public record PayWith(
        @NotBlank @Nullable String provider,
        @Nullable String account,
        @NotBlank @Nullable String method,
        @Min(60) @Max(604_800) @Nullable Long expiresInSeconds,
        Map<String, String> fields) {

    @JsonCreator
    static PayWith of(
            @JsonProperty("provider") @Nullable String provider,
            @JsonProperty("account") @Nullable String account,
            @JsonProperty("method") @Nullable String method,
            @JsonProperty("expiresInSeconds") @Nullable Long expiresInSeconds,
            @JsonAnySetter @Nullable Map<String, Object> others) {
        return new PayWith(provider, account, method, expiresInSeconds, texts(others));
    }

    /** The channel for {@link PaymentRequest}; the body must have been validated. */
    public PaymentRequest.Channel channel() {
        return new PaymentRequest.Channel(
                Objects.requireNonNull(provider),
                account,
                Objects.requireNonNull(method),
                expiresInSeconds == null ? null : Duration.ofSeconds(expiresInSeconds),
                fields);
    }

    private static Map<String, String> texts(@Nullable Map<String, Object> others) {
        var texts = new TreeMap<String, String>();
        if (others != null) {
            others.forEach((name, value) -> {
                if (!(value instanceof String text)) {
                    throw Refusal.badField(name, "is unknown or must be a text");
                }
                texts.put(name, text);
            });
        }
        return texts;
    }
}
