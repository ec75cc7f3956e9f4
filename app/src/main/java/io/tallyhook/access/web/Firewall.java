package io.tallyhook.access.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.firewall.StrictHttpFirewall;

/** What is refused before any chain looks at it, and how: paths with two meanings, and nothing for its headers. */
@Configuration(proxyBeanMethods = false)
class Firewall {

    /**
     * Spring's own, but for the values of headers. It throws where a value is read that is not printable; a callback
     * with such a {@code User-Agent} would never be booked, and anybody could fill the log with our errors. Values are
     * held against a signature, a key or a list by those who read them, and escaped where they are shown.
     */
    @Bean
    HttpFirewall httpFirewall() {
        var firewall = new StrictHttpFirewall();
        firewall.setAllowedHeaderValues(any -> true);
        return firewall;
    }

    @Bean
    RequestRejectedHandler rejectedRequests() {
        return Firewall::refuse;
    }

    private static void refuse(HttpServletRequest request, HttpServletResponse response, RequestRejectedException why)
            throws IOException {
        if (request.getRequestURI().startsWith(request.getContextPath() + "/api/")) {
            new Problem(
                            HttpStatus.BAD_REQUEST,
                            "bad-request",
                            "The path must be plain: no ; no // and nothing escaped.")
                    .write(request, response);
        } else {
            response.sendError(HttpServletResponse.SC_BAD_REQUEST);
        }
    }
}
