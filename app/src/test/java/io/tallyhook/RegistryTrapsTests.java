package io.tallyhook;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySourcesPropertyResolver;
import org.springframework.core.io.ClassPathResource;
import org.springframework.modulith.events.ApplicationModuleListener;
import org.springframework.modulith.events.core.EventPublicationRepository;

/**
 * What Spring Modulith 2.1.1 gets wrong about its registry of events cannot hurt, because we do not rely on it: its ways to
 * publish again are not used, and what is stored can always be thrown away.
 */
class RegistryTrapsTests {

    private static final String INSIDE_THE_REGISTRY = "org.springframework.modulith.events.core..";
    private static final String ONE_RETRY = "what is due stands in payment.payment, and the sweep is the only retry";
    private static final JavaClasses CLASSES =
            new ClassFileImporter().withImportOption(new ProductionOnly()).importPackages("io.tallyhook");

    /** They take what other instances are at, forget what died in between, and ignore a minimum age. */
    @Test
    void nobodyPublishesAgainThroughTheRegistry() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "org\\.springframework\\.modulith\\.events\\.(.*Publications|.*Registry|ResubmissionOptions)")
                .because(ONE_RETRY)
                .check(CLASSES);
    }

    /** What deletes the rows of events that were heard stands around the repository, and asks it for nothing. */
    @Test
    void nobodyAsksTheRegistryForWhatItHas() {
        noClasses()
                .that()
                .haveNameNotMatching("io\\.tallyhook\\.payment\\.fulfilment\\.(HeardEvents|RegistryConfiguration.*)")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(INSIDE_THE_REGISTRY)
                .because(ONE_RETRY)
                .check(CLASSES);
        noClasses()
                .should()
                .callMethodWhere(target(owner(assignableTo(EventPublicationRepository.class))))
                .because(ONE_RETRY)
                .check(CLASSES);
    }

    /** A restart would otherwise take the rows that other instances are working on. */
    @Test
    void aRestartPublishesNothingAgain() throws IOException {
        assertThat(configured("spring.modulith.events.republish-outstanding-events-on-restart"))
                .isEqualTo("false");
    }

    /** With one duration set, the staleness monitor marks everything else as failed at once; so none is. */
    @Test
    void nothingIsCalledStale() throws IOException {
        for (var state : List.of("published", "processing", "resubmitted", "check-interval")) {
            assertThat(configured("spring.modulith.events.staleness." + state)).isNull();
        }
    }

    /** A completed row could be claimed again, and an archive is never emptied: there is neither. */
    @Test
    void whatIsDoneIsDeleted() throws IOException {
        assertThat(configured("spring.modulith.events.completion-mode")).isEqualTo("delete");
    }

    /** Else a renamed method could not be found for the rows that are stored under its name. */
    @Test
    void everyListenerHasANameOfItsOwn() {
        var listeners = CLASSES.stream()
                .flatMap(type -> type.getMethods().stream())
                .filter(method -> method.isAnnotatedWith(ApplicationModuleListener.class))
                .toList();
        var ids = listeners.stream()
                .map(method -> method.getAnnotationOfType(ApplicationModuleListener.class)
                        .id())
                .toList();

        assertThat(listeners).hasSizeGreaterThanOrEqualTo(3);
        assertThat(ids).doesNotContain("").doesNotHaveDuplicates();
    }

    /** The name of an event's class stands in the rows; a renamed one would lie there for ever. */
    @Test
    void theClassesOfStoredEventsKeepTheirNames() {
        assertThat(CLASSES.stream()
                        .flatMap(type -> type.getMethods().stream())
                        .filter(method -> method.isAnnotatedWith(ApplicationModuleListener.class))
                        .map(RegistryTrapsTests::event))
                .containsOnly("io.tallyhook.payment.PaymentsConfirmed");
    }

    /** Its events are published on every instance and without a transaction, so that no listener of ours would hear them. */
    @Test
    void nobodyWaitsForMoments() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.springframework.modulith.moments..")
                .because("time comes from a Clock, and what is to be done once is claimed in the database")
                .check(CLASSES);
    }

    private static String event(JavaMethod listener) {
        return listener.getRawParameterTypes().getFirst().getName();
    }

    private static @Nullable String configured(String key) throws IOException {
        var sources = new MutablePropertySources();
        new YamlPropertySourceLoader()
                .load("application", new ClassPathResource("application.yaml"))
                .forEach(sources::addLast);
        return new PropertySourcesPropertyResolver(sources).getProperty(key);
    }
}
