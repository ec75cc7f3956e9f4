package io.tallyhook.wallet.audit;

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

/**
 * The module with a database of its own, apart from that of the other tests: these ones damage it. No job runs by itself. Each
 * test leaves the ledger whole.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ApplicationModuleTest(classes = ModuleTestApplication.class, mode = BootstrapMode.DIRECT_DEPENDENCIES)
@ContextConfiguration(initializers = FreshDatabase.class)
@TestPropertySource(properties = {"tallyhook.ledger.jobs=false", "tallyhook.test.database=of the audit's tests"})
@AutoConfigureMockMvc
@Import({Customers.class, Superuser.class})
public @interface AuditTest {}
