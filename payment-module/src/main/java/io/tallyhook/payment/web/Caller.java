package io.tallyhook.payment.web;

import jakarta.servlet.http.HttpServletRequest;

/** Who calls the merchant API, as records of what was done name him. */
final class Caller {

    private Caller() {}

    static String of(HttpServletRequest request) {
        var principal = request.getUserPrincipal();
        return principal == null ? "unknown" : "api:" + principal.getName();
    }
}
