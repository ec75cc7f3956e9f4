package io.tallyhook.sandbox.shop;

import io.tallyhook.payment.UserId;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;

/** Who is shopping: a name anybody may take, remembered in a cookie. */
final class Customer {

    static final String COOKIE = "customer";
    static final String FIRST = "alice";

    private Customer() {}

    /** The remembered name, if it can be one. */
    static String known(String remembered) {
        return remembered.matches(UserId.PATTERN) ? remembered : FIRST;
    }

    static void remember(String user, HttpServletResponse response) {
        var cookie = ResponseCookie.from(COOKIE, user)
                .path("/")
                .httpOnly(true)
                .sameSite("Lax")
                .maxAge(Duration.ofDays(30))
                .build();
        response.addHeader(HttpHeaders.SET_COOKIE, cookie.toString());
    }
}
