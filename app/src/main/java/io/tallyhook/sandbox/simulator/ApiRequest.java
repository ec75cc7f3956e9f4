package io.tallyhook.sandbox.simulator;

import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * A request of the merchant, as it came over the wire.
 *
 * @param target path and query exactly as sent: they are part of what WeChat Pay's merchants sign
 * @param headers by lower-case name
 */
record ApiRequest(String method, String target, Map<String, String> headers, byte[] body) {

    Optional<String> header(String lowerCaseName) {
        return Optional.ofNullable(headers.get(lowerCaseName));
    }

    String path() {
        return URI.create(target).getPath();
    }

    String rawQuery() {
        var mark = target.indexOf('?');
        return mark < 0 ? "" : target.substring(mark + 1);
    }
}
