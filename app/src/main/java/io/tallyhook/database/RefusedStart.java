package io.tallyhook.database;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says in plain words why a start was refused, instead of a stack trace. */
class RefusedStart extends AbstractFailureAnalyzer<UnsafeDatabase> {

    @Override
    protected FailureAnalysis analyze(Throwable root, UnsafeDatabase cause) {
        return new FailureAnalysis(
                String.valueOf(cause.getMessage()), "Change %s, then start again.".formatted(cause.setting()), cause);
    }
}
