package io.tallyhook.access.web;

import io.tallyhook.access.SecurityOrder;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.context.NullSecurityContextRepository;
import org.springframework.security.web.header.HeaderWriterFilter;
import org.springframework.web.filter.OncePerRequestFilter;

/** Callbacks prove themselves by their signature: no login, no CSRF token, no session, and nothing but POST. */
@Configuration(proxyBeanMethods = false)
class CallbackChain {

    @Bean
    @Order(SecurityOrder.CALLBACKS)
    SecurityFilterChain callbackSecurity(HttpSecurity http) {
        return http.securityMatcher("/callbacks", "/callbacks/**")
                .csrf(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .anonymous(AbstractHttpConfigurer::disable)
                .servletApi(AbstractHttpConfigurer::disable)
                .exceptionHandling(AbstractHttpConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .securityContext(context -> context.securityContextRepository(new NullSecurityContextRepository()))
                .headers(headers -> headers.defaultsDisabled()
                        .contentTypeOptions(nosniff -> {})
                        .cacheControl(no -> {}))
                .addFilterAfter(new OnlyPost(), HeaderWriterFilter.class)
                .build();
    }

    private static final class OnlyPost extends OncePerRequestFilter {

        @Override
        protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws ServletException, IOException {
            if (request.getMethod().equals(HttpMethod.POST.name())) {
                chain.doFilter(request, response);
            } else {
                response.setHeader(HttpHeaders.ALLOW, HttpMethod.POST.name());
                response.setStatus(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
            }
        }
    }
}
