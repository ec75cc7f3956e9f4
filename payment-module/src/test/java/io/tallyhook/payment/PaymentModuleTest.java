package io.tallyhook.payment;

import io.tallyhook.ModuleTestApplication;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Import;
import org.springframework.modulith.test.ApplicationModuleTest;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.TestPropertySource;
import tallyhook.testing.FreshDatabase;

/**
 * The payment module with a real web server and PostgreSQL, and {@link GoodsShop} as the module that sells. All tests
 * share one context. The sweep runs only when a test calls it, and nobody is asked by itself, so that nothing happens behind
 * a test's back.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ApplicationModuleTest(classes = ModuleTestApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT)
@ContextConfiguration(initializers = FreshDatabase.class)
@Import({GoodsShop.class, UnguardedApi.class})
@TestPropertySource(
        properties = {
            "tallyhook.fulfilment.sweep-every=1d",
            "tallyhook.refunds.sweep-every=1d",
            "tallyhook.policies.sweep-every=1d",
            "tallyhook.board.count-every=1d",
            "tallyhook.inspection.every=1d"
        })
public @interface PaymentModuleTest {}
