package io.tallyhook.payment.callback;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tallyhook.payment.booking.Outcome;
import io.tallyhook.payment.callback.CallbackDetail.CheckResult;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What running a stored delivery again changes, or would change.
 *
 * @param outcome what became, or would become, of it
 * @param reason why it is refused, if it is
 * @param differences the checks that do not fit
 * @param changes every value that changes; empty if nothing does
 * @param handsOut what the module of the purpose is told to hand out afterwards, such as {@code GOODS O123}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Replay(
        UUID callbackId,
        boolean dryRun,
        Outcome outcome,
        @Nullable String reason,
        List<CheckResult> differences,
        List<Change> changes,
        @Nullable String handsOut) {

    /**
     * One value that changes.
     *
     * @param what such as {@code payment P01….state}
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Change(
            String what, @Nullable String from, @Nullable String to) {}
}
