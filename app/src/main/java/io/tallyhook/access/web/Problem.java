package io.tallyhook.access.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * An error answered before a controller is reached, as a problem document (RFC 9457).
 *
 * @param type the stable suffix of the problem's type
 * @param detail a sentence the caller can act on
 */
public record Problem(HttpStatus status, String type, String detail) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Writes it as the whole answer. */
    public void write(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setStatus(status.value());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.setHeader("Cache-Control", "no-store");
        response.getOutputStream().write(JSON.writeValueAsBytes(members(request.getRequestURI())));
    }

    private Map<String, Object> members(String path) {
        var members = new LinkedHashMap<String, Object>();
        members.put("type", "urn:tallyhook:problem:" + type);
        members.put("title", status.getReasonPhrase());
        members.put("status", status.value());
        members.put("detail", detail);
        members.put("instance", path);
        return members;
    }
}
