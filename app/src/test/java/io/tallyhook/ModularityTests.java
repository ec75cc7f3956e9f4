package io.tallyhook;

import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;
import org.springframework.modulith.docs.Documenter;

/** The house stands as drawn: modules reach each other only through their public faces, and without cycles. */
class ModularityTests {

    private static final ApplicationModules MODULES =
            ApplicationModules.of(TallyhookApplication.class, new ProductionOnly());

    @Test
    void modulesDependOnEachOtherOnlyThroughTheirApi() {
        MODULES.verify();
    }

    @Test
    void theDiagramIsDrawn() {
        new Documenter(MODULES).writeDocumentation();
    }
}
