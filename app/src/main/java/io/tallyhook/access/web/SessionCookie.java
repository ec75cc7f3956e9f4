package io.tallyhook.access.web;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.session.web.http.CookieSerializer;
import org.springframework.session.web.http.DefaultCookieSerializer;

/** The cookie that names a person's session: no script reads it, no other site sends it, over https it stays there. */
@Configuration(proxyBeanMethods = false)
class SessionCookie {

    @Bean
    CookieSerializer sessionCookieSerializer() {
        var cookie = new DefaultCookieSerializer();
        cookie.setCookieName("tallyhook");
        cookie.setCookiePath("/");
        cookie.setUseHttpOnlyCookie(true);
        cookie.setSameSite("Lax");
        return cookie;
    }
}
