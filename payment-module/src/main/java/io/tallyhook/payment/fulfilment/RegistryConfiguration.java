package io.tallyhook.payment.fulfilment;

import org.aopalliance.intercept.MethodInterceptor;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.modulith.events.core.EventPublicationRepository;

@Configuration
class RegistryConfiguration {

    /** Puts {@link HeardEvents} around the registry's repository, which offers no other way to delete several rows at once. */
    @Bean
    static BeanPostProcessor heardEventsAreForgottenTogether(ObjectProvider<HeardEvents> heard) {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                if (!(bean instanceof EventPublicationRepository)) {
                    return bean;
                }
                var repository = new ProxyFactory(bean);
                repository.addAdvice(
                        (MethodInterceptor) call -> heard.getObject().invoke(call));
                return repository.getProxy();
            }
        };
    }
}
