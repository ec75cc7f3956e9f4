package io.tallyhook.sandbox.shop;

import io.tallyhook.access.SecurityOrder;
import io.tallyhook.sandbox.simulator.SandboxFolder;
import java.nio.file.Path;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.csrf.XorCsrfTokenRequestAttributeHandler;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;

/** The shop's pages need no login and no session; forged forms are refused by a token in a cookie. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("tallyhook.sandbox.enabled")
class ShopConfiguration {

    private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self';"
            + " img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    @Bean
    @Order(SecurityOrder.CONTRIBUTED)
    SecurityFilterChain shopSecurity(HttpSecurity http) {
        var tokens = new CookieCsrfTokenRepository();
        tokens.setCookieName("shop-csrf");
        tokens.setCookieCustomizer(cookie -> cookie.sameSite("Lax"));
        var handler = new XorCsrfTokenRequestAttributeHandler();
        // Read at once: a token first asked for while the page is written comes too late for its cookie.
        handler.setCsrfRequestAttributeName(null);
        return http.securityMatcher("/", "/shop/**", "/sandbox/**")
                .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .csrf(csrf -> csrf.csrfTokenRepository(tokens).csrfTokenRequestHandler(handler))
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .headers(headers -> headers.contentSecurityPolicy(
                                policy -> policy.policyDirectives(CONTENT_SECURITY_POLICY))
                        .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.SAME_ORIGIN)))
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .build();
    }

    @Bean
    Purchases shopPurchases(@Value("${tallyhook.data-dir:./data}") Path dataDirectory) {
        return new Purchases(SandboxFolder.in(dataDirectory));
    }
}
