package io.tallyhook.access.web;

import io.tallyhook.access.SecurityOrder;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;

/** Everything that no other chain claims: public files and health for all, else there is nothing. */
@Configuration(proxyBeanMethods = false)
class RestChain {

    @Bean
    @Order(SecurityOrder.REST)
    SecurityFilterChain otherSecurity(HttpSecurity http) {
        return http.csrf(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .headers(PageHeaders::strict)
                .authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(
                                DispatcherType.ERROR, DispatcherType.FORWARD, DispatcherType.ASYNC)
                        .permitAll()
                        .requestMatchers(HttpMethod.GET, "/assets/**", "/actuator/health", "/actuator/health/**")
                        .permitAll()
                        .requestMatchers(HttpMethod.HEAD, "/assets/**", "/actuator/health", "/actuator/health/**")
                        .permitAll()
                        .anyRequest()
                        .denyAll())
                .exceptionHandling(errors -> errors.authenticationEntryPoint(
                                (request, response, e) -> nothingHere(request, response))
                        .accessDeniedHandler((request, response, e) -> nothingHere(request, response)))
                .build();
    }

    /** The bare address leads to the pages, unless a module has something better to show there. */
    private static void nothingHere(HttpServletRequest request, HttpServletResponse response) throws IOException {
        boolean home =
                request.getMethod().equals("GET") && request.getServletPath().equals("/");
        if (home) {
            response.sendRedirect(request.getContextPath() + "/admin");
        } else {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
        }
    }
}
