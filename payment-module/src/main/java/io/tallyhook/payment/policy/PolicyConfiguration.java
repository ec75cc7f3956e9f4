package io.tallyhook.payment.policy;

import io.tallyhook.payment.Purpose;
import io.tallyhook.payment.WalletCredit;
import java.util.Set;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

@Configuration(proxyBeanMethods = false)
class PolicyConfiguration {

    @Bean
    PolicySettings policySettings(Environment environment, Set<Purpose> purposes, ListableBeanFactory modules) {
        // By name only: a module's implementation may itself need what needs us.
        boolean wallet = modules.getBeanNamesForType(WalletCredit.class, true, false).length > 0;
        return new ReadPolicies(Binder.get(environment), purposes, wallet).read();
    }
}
