package io.tallyhook.sandbox.simulator;

import java.net.URI;
import java.util.Map;

/** What a simulated provider answers; the case of header names is kept, as the providers' own clients need it. */
record ApiAnswer(int status, Map<String, String> headers, byte[] body) {

    static ApiAnswer redirectTo(URI address) {
        return new ApiAnswer(303, Map.of("Location", address.toString()), new byte[0]);
    }
}
