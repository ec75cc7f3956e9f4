package io.tallyhook.admin;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.stereotype.Component;
import org.springframework.web.util.UriComponentsBuilder;
import org.springframework.web.util.UriUtils;

/**
 * What the layout asks about the request it is drawn for: {@code ${@frame.theme()}}. A bean instead of model attributes,
 * so that error pages have it too.
 */
@Component("frame")
class Frame {

    private final HttpServletRequest request;
    private final List<Banner> banners;

    /** @param request stands for the current request */
    Frame(HttpServletRequest request, List<Banner> banners) {
        this.request = request;
        this.banners = banners;
    }

    public String language() {
        return chinese() ? "zh-CN" : "en";
    }

    public boolean chinese() {
        return LocaleContextHolder.getLocale().getLanguage().equals(Locale.CHINESE.getLanguage());
    }

    /** {@code dark} if the person chose so, else {@code light}. */
    public String theme() {
        var cookies = Optional.ofNullable(request.getCookies()).stream().flatMap(Arrays::stream);
        return cookies.filter(cookie -> cookie.getName().equals("theme"))
                .map(Cookie::getValue)
                .filter("dark"::equals)
                .findFirst()
                .orElse("light");
    }

    public Optional<String> user() {
        return Optional.ofNullable(request.getRemoteUser());
    }

    public List<Banner.Notice> notices() {
        return banners.stream().map(Banner::notice).flatMap(Optional::stream).toList();
    }

    public Optional<String> parameter(String name) {
        return Optional.ofNullable(request.getParameter(name)).filter(value -> !value.isEmpty());
    }

    /** This page's address with one query parameter set: filters stay as they are. */
    public String with(String name, String value) {
        return address()
                .replaceQueryParam(name, UriUtils.encode(value, StandardCharsets.UTF_8))
                .build()
                .toUriString();
    }

    /** This page's address without one query parameter. */
    public String without(String name) {
        return address().replaceQueryParam(name).build().toUriString();
    }

    /** This page's query without one parameter, as it came; empty if there is none. */
    public String query(String without) {
        var query = address().replaceQueryParam(without).build().getQuery();
        return query == null ? "" : query;
    }

    /** The headers that htmx sends along: the CSRF token, for those who have one. */
    public @Nullable String htmxHeaders(@Nullable CsrfToken token) {
        return token == null ? null : "{\"%s\":\"%s\"}".formatted(token.getHeaderName(), token.getToken());
    }

    /** Built from what the browser sent, still encoded; an error page stands for the page that failed. */
    private UriComponentsBuilder address() {
        var failed = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
        var path = failed instanceof String text ? text : request.getRequestURI();
        // A leading "//" would be read as another host.
        var builder = UriComponentsBuilder.fromPath(path.replaceFirst("^/+", "/"));
        var query = failed == null ? request.getQueryString() : null;
        return query == null ? builder : builder.query(query);
    }
}
