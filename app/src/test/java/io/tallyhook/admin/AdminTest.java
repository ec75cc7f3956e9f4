package io.tallyhook.admin;

import io.tallyhook.TallyhookApplication;
import io.tallyhook.access.login.QuickPasswords;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.TestConstructor;
import tallyhook.testing.FreshDatabase;

/** The whole application on a port of its own and an empty database, shared by all tests of the admin pages. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(
        classes = TallyhookApplication.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "tallyhook.admin.username=" + AdminTest.USERNAME,
            "tallyhook.admin.password=" + AdminTest.PASSWORD,
            "tallyhook.sandbox.enabled=false",
            // What is sealed and checked, and when, is the tests' to say.
            "tallyhook.ledger.jobs=false",
            // What was parked stays so until a test decides.
            "tallyhook.policies.sweep-every=1d",
            // Tests damage payments on purpose.
            "tallyhook.inspection.every=1d"
        })
@AutoConfigureMockMvc
@TestConstructor(autowireMode = TestConstructor.AutowireMode.ALL)
@ContextConfiguration(initializers = FreshDatabase.class)
@Import({Day.class, Day.Accounts.class, QuickPasswords.class})
@interface AdminTest {

    String USERNAME = "mei";
    String PASSWORD = "quiet-harbour-41-lantern";
}
