package io.tallyhook.admin;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.LocaleResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.i18n.CookieLocaleResolver;
import org.springframework.web.servlet.i18n.LocaleChangeInterceptor;

/** English and Simplified Chinese: chosen by {@code ?lang=}, remembered in a cookie, guessed from the browser at first. */
@Configuration(proxyBeanMethods = false)
class Languages implements WebMvcConfigurer {

    @Bean
    LocaleResolver localeResolver() {
        var resolver = new KnownLanguages("lang");
        resolver.setDefaultLocaleFunction(request -> nearest(request.getLocale()));
        resolver.setCookieMaxAge(Duration.ofDays(365));
        resolver.setCookieHttpOnly(true);
        resolver.setCookieSameSite("Lax");
        return resolver;
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        var change = new LocaleChangeInterceptor();
        change.setParamName("lang");
        change.setIgnoreInvalidLocale(true);
        registry.addInterceptor(change).addPathPatterns("/**").excludePathPatterns("/api/**", "/callbacks/**");
    }

    private static Locale nearest(@Nullable Locale wanted) {
        boolean chinese = wanted != null && wanted.getLanguage().equals(Locale.CHINESE.getLanguage());
        return chinese ? Locale.SIMPLIFIED_CHINESE : Locale.ENGLISH;
    }

    /** Whatever is asked for becomes one of the languages that exist. */
    private static final class KnownLanguages extends CookieLocaleResolver {

        KnownLanguages(String cookie) {
            super(cookie);
        }

        @Override
        protected @Nullable Locale parseLocaleValue(String value) {
            return nearest(super.parseLocaleValue(value));
        }
    }
}
