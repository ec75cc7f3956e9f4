package io.tallyhook.access.web;

import jakarta.servlet.Filter;
import java.util.List;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.servlet.filter.OrderedRequestContextFilter;
import org.springframework.boot.web.servlet.AbstractFilterRegistrationBean;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.filter.CharacterEncodingFilter;
import org.springframework.web.filter.FormContentFilter;
import org.springframework.web.filter.RequestContextFilter;

/**
 * Puts every filter before Spring MVC alone. Callbacks prove themselves by their signature: they have no login, no session and
 * no token that a filter could look at, and filters cost more than the callback's own servlet does. That servlet owns all
 * paths below {@code /callbacks} and takes nothing but POST.
 */
@Configuration(proxyBeanMethods = false)
class CallbacksUnfiltered {

    private static final List<String> SPRING_MVC =
            List.of(DispatcherServletAutoConfiguration.DEFAULT_DISPATCHER_SERVLET_BEAN_NAME);

    @Bean
    static BeanPostProcessor filtersBeforeSpringMvcAlone() {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessBeforeInitialization(Object bean, String name) {
                if (bean instanceof AbstractFilterRegistrationBean<?> filter
                        && filter.getUrlPatterns().isEmpty()
                        && filter.getServletNames().isEmpty()) {
                    filter.setServletNames(SPRING_MVC);
                }
                return bean;
            }
        };
    }

    // Filters that come as plain beans, which Spring Boot would put before everything.

    @Bean
    FilterRegistrationBean<CharacterEncodingFilter> encodingOfPages(CharacterEncodingFilter filter) {
        return inItsOrder(filter);
    }

    @Bean
    FilterRegistrationBean<FormContentFilter> formsOfPages(FormContentFilter filter) {
        return inItsOrder(filter);
    }

    @Bean
    FilterRegistrationBean<RequestContextFilter> contextOfPages() {
        return inItsOrder(new OrderedRequestContextFilter());
    }

    private static <T extends Filter> FilterRegistrationBean<T> inItsOrder(T filter) {
        var registration = new FilterRegistrationBean<>(filter);
        if (filter instanceof Ordered ordered) {
            registration.setOrder(ordered.getOrder());
        }
        return registration;
    }
}
