package io.tallyhook.payment.policy;

import io.tallyhook.payment.Purpose;
import java.util.Set;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

@Configuration(proxyBeanMethods = false)
class PolicyConfiguration {

    @Bean
    PolicySettings policySettings(Environment environment, Set<Purpose> purposes) {
        return new ReadPolicies(Binder.get(environment), purposes).read();
    }
}
