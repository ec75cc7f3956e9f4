package io.tallyhook.wallet;

import io.tallyhook.ModuleTestApplication;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Import;
import org.springframework.modulith.test.ApplicationModuleTest;
import org.springframework.modulith.test.ApplicationModuleTest.BootstrapMode;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.TestPropertySource;
import tallyhook.testing.FreshDatabase;
import tallyhook.testing.Payer;
import tallyhook.testing.PlainBank;

/** The module with payment, a bank to pay at, and a database of its own. All its tests share one context, so each uses its own users. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ApplicationModuleTest(classes = ModuleTestApplication.class, mode = BootstrapMode.DIRECT_DEPENDENCIES)
@ContextConfiguration(initializers = FreshDatabase.class)
@TestPropertySource(
        properties = {
            "tallyhook.ledger.jobs=false",
            "tallyhook.policies.goods.cancelled=CREDIT_TO_WALLET",
            // What waits for a policy waits a second, not the ten of a shop.
            "tallyhook.policies.sweep-every=1s"
        })
@AutoConfigureMockMvc
@Import({PlainBank.class, Payer.class, Till.class, Till.Goods.class})
public @interface WalletModuleTest {}
