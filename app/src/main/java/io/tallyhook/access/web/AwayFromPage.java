package io.tallyhook.access.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;

/** Where a person goes who may not see an admin page: to the login, to the new password, or to a 403. */
final class AwayFromPage {

    /** Not signed in, or no longer. */
    void toLogin(HttpServletRequest request, HttpServletResponse response, AuthenticationException e)
            throws IOException {
        go(request, response, "/admin/login" + (sessionEnded(request) ? "?expired" : ""));
    }

    /** Signed in without the right; also a form whose CSRF token is missing or belongs to an ended session. */
    void refuse(HttpServletRequest request, HttpServletResponse response, AccessDeniedException e) throws IOException {
        if (request.isUserInRole("NEW_PASSWORD") && request.getMethod().equals("GET")) {
            go(request, response, "/admin/password");
        } else if (request.getUserPrincipal() == null && sessionEnded(request)) {
            go(request, response, "/admin/login?expired");
        } else {
            response.sendError(HttpServletResponse.SC_FORBIDDEN);
        }
    }

    private static boolean sessionEnded(HttpServletRequest request) {
        return request.getAttribute(LongestSession.ENDED) != null
                || (request.getRequestedSessionId() != null && !request.isRequestedSessionIdValid());
    }

    /** htmx would put a redirect's page into the middle of this one: it is told to load the whole page. */
    private static void go(HttpServletRequest request, HttpServletResponse response, String path) throws IOException {
        if (request.getHeader("HX-Request") != null) {
            response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
            response.setHeader("HX-Redirect", request.getContextPath() + path);
        } else {
            response.sendRedirect(request.getContextPath() + path);
        }
    }
}
