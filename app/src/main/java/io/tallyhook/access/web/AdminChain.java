package io.tallyhook.access.web;

import io.tallyhook.access.SecurityOrder;
import io.tallyhook.access.login.People;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.context.SecurityContextHolderFilter;
import org.springframework.security.web.savedrequest.HttpSessionRequestCache;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.AndRequestMatcher;
import org.springframework.security.web.util.matcher.NegatedRequestMatcher;
import org.springframework.security.web.util.matcher.RequestHeaderRequestMatcher;

/** The admin pages: login by form, a session in the database, a CSRF token in every form. */
@Configuration(proxyBeanMethods = false)
class AdminChain {

    private static final String LOGIN = "/admin/login";

    @Bean
    @Order(SecurityOrder.ADMIN)
    SecurityFilterChain adminSecurity(HttpSecurity http, Clock clock, People people) {
        var away = new AwayFromPage();
        return http.securityMatcher("/admin", "/admin/**")
                .authorizeHttpRequests(requests -> requests.requestMatchers(LOGIN)
                        .permitAll()
                        .requestMatchers("/admin/password")
                        .hasAnyRole("ADMIN", "NEW_PASSWORD")
                        .anyRequest()
                        .hasRole("ADMIN"))
                .formLogin(form ->
                        form.loginPage(LOGIN).defaultSuccessUrl("/admin").failureUrl(LOGIN + "?error"))
                .logout(logout -> logout.logoutUrl("/admin/logout").logoutSuccessUrl(LOGIN + "?logout"))
                .requestCache(cache -> cache.requestCache(pagesOnly()))
                .sessionManagement(sessions -> sessions.sessionFixation(fixation -> fixation.changeSessionId()))
                .exceptionHandling(
                        errors -> errors.authenticationEntryPoint(away::toLogin).accessDeniedHandler(away::refuse))
                .headers(PageHeaders::strict)
                .addFilterBefore(new LongestSession(clock), SecurityContextHolderFilter.class)
                .addFilterAfter(new ShutOut(people), SecurityContextHolderFilter.class)
                .build();
    }

    /** After the login a person lands on the page asked for; a part of a page that htmx asked for is not a page. */
    private static HttpSessionRequestCache pagesOnly() {
        var cache = new HttpSessionRequestCache();
        cache.setRequestMatcher(new AndRequestMatcher(
                PathPatternRequestMatcher.pathPattern(HttpMethod.GET, "/admin/**"),
                new NegatedRequestMatcher(new RequestHeaderRequestMatcher("HX-Request"))));
        return cache;
    }
}
