package io.tallyhook.access;

import io.tallyhook.TallyhookApplication;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ContextConfiguration;
import tallyhook.testing.FreshDatabase;

/** The whole application with an administrator, a bootstrap key and a few calls to try things on. One context for all. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(
        classes = TallyhookApplication.class,
        properties = {
            "tallyhook.sandbox.enabled=false",
            "tallyhook.admin.username=Ada",
            "tallyhook.admin.password=" + AccessTest.PASSWORD,
            "tallyhook.api.bootstrap-key=" + AccessTest.BOOTSTRAP_KEY
        })
@AutoConfigureMockMvc
@ContextConfiguration(initializers = FreshDatabase.class)
@Import(Probes.class)
public @interface AccessTest {

    String USERNAME = "ada";
    String PASSWORD = "a long walk at the sea";
    String BOOTSTRAP_KEY = "bootstrap-key-of-32-characters-or-more";
}
