package io.tallyhook;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;

/** Stands in for the application while a module is tested alone: {@code @ApplicationModuleTest(classes = …)}. */
@ConditionalOnMissingClass("io.tallyhook.TallyhookApplication")
@SpringBootApplication
public class ModuleTestApplication {}
