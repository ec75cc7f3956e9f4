package io.tallyhook.payment.fulfilment;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.PaymentModuleTest;
import io.tallyhook.payment.PaymentsConfirmed;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.modulith.events.core.EventPublicationRepository;
import org.springframework.modulith.events.core.PublicationTargetIdentifier;
import org.springframework.modulith.events.core.TargetEventPublication;
import org.springframework.test.util.AopTestUtils;

/** Rows of events that were heard leave the registry together, and those of events that were not stay. */
@PaymentModuleTest
class HeardEventsIntegrationTests {

    private static final PublicationTargetIdentifier NOBODY = PublicationTargetIdentifier.of("goods.heard");

    private final EventPublicationRepository plain;
    private final JdbcClient jdbc;
    private HeardEvents heard;
    private EventPublicationRepository repository;

    HeardEventsIntegrationTests(EventPublicationRepository repository, JdbcClient jdbc) {
        this.plain = AopTestUtils.getUltimateTargetObject(repository);
        this.jdbc = jdbc;
        this.heard = new HeardEvents(jdbc);
        this.repository = repository;
    }

    @BeforeEach
    void ofItsOwn() {
        heard = new HeardEvents(jdbc);
        var beans = new StaticListableBeanFactory();
        beans.addBean("heard", heard);
        var around = RegistryConfiguration.heardEventsAreForgottenTogether(beans.getBeanProvider(HeardEvents.class));
        repository = (EventPublicationRepository)
                Objects.requireNonNull(around.postProcessAfterInitialization(plain, "repository"));
    }

    @Test
    void what_was_heard_goes_at_the_next_turn_and_what_was_not_stays() {
        var publications = IntStream.range(0, 4).mapToObj(i -> published()).toList();
        publications.stream().limit(3).forEach(publication -> repository.markCompleted(publication, Instant.now()));
        assertThat(rows(publications)).isEqualTo(4);

        heard.forget();

        assertThat(rows(publications)).isEqualTo(1);
        assertThat(publications.getFirst().isCompleted()).isTrue();
        assertThat(publications.getLast().isCompleted()).isFalse();

        repository.markCompleted(publications.getLast().getIdentifier(), Instant.now());
        assertThat(rows(publications))
                .as("by its number, as the registry does after a restart")
                .isZero();
    }

    @Test
    void at_the_end_what_was_heard_goes_and_later_ones_at_once() {
        var before = published();
        var after = published();
        repository.markCompleted(before, Instant.now());

        heard.destroy();
        assertThat(rows(List.of(before, after))).isEqualTo(1);

        repository.markCompleted(after, Instant.now());
        assertThat(rows(List.of(before, after))).isZero();
    }

    private TargetEventPublication published() {
        return repository.create(
                TargetEventPublication.of(new PaymentsConfirmed("GOODS", List.of()), NOBODY, Instant.now()));
    }

    private int rows(List<TargetEventPublication> publications) {
        return jdbc.sql("SELECT count(*) FROM event_publication WHERE id = ANY (:rows)")
                .param(
                        "rows",
                        publications.stream()
                                .map(TargetEventPublication::getIdentifier)
                                .toArray(UUID[]::new))
                .query(Integer.class)
                .single();
    }
}
