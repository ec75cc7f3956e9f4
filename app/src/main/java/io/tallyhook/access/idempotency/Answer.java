package io.tallyhook.access.idempotency;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** An answer as it is kept: enough to give it again, byte for byte. */
record Answer(
        int status, @Nullable String contentType, @Nullable String location, byte[] body) {

    /** Says that an answer is not new. */
    static final String REPLAYED = "Idempotent-Replayed";

    /** Successes and conflicts stay as they were answered; whoever got another error may try again. */
    boolean isKept() {
        return status / 100 == 2 || status == HttpServletResponse.SC_CONFLICT;
    }

    /** Whether the caller is told that nothing was done because the request itself is wrong. */
    boolean isCallersFault() {
        return status / 100 == 4;
    }

    void replay(HttpServletResponse response) throws IOException {
        response.setStatus(status);
        response.setHeader(REPLAYED, "true");
        if (contentType != null) {
            response.setContentType(contentType);
        }
        if (location != null) {
            response.setHeader(HttpHeaders.LOCATION, location);
        }
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
