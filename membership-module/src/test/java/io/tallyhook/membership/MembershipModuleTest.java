package io.tallyhook.membership;

import io.tallyhook.ModuleTestApplication;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Import;
import org.springframework.modulith.test.ApplicationModuleTest;
import org.springframework.modulith.test.ApplicationModuleTest.BootstrapMode;
import org.springframework.test.context.ContextConfiguration;
import tallyhook.testing.FreshDatabase;
import tallyhook.testing.Payer;
import tallyhook.testing.PlainBank;

/** Memberships and payments on a database of their own, with a bank to pay at. All tests share one context. */
@Retention(RetentionPolicy.RUNTIME)
@ApplicationModuleTest(classes = ModuleTestApplication.class, mode = BootstrapMode.DIRECT_DEPENDENCIES)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = FreshDatabase.class)
@Import({PlainBank.class, Payer.class, Club.class})
@interface MembershipModuleTest {}
