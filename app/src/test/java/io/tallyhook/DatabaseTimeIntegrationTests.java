package io.tallyhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;
import tallyhook.testing.FreshDatabase;

/** A machine with a wrong clock beside a database with a right one. */
class DatabaseTimeIntegrationTests {

    private static final Duration NEAR = Duration.ofSeconds(20);

    private final AtomicReference<Duration> wrong = new AtomicReference<>(Duration.ZERO);
    private final Clock machine =
            ((InstantSource) () -> Clock.systemUTC().instant().plus(wrong.get())).withZone(ZoneOffset.UTC);
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    @ParameterizedTest
    @ValueSource(strings = {"PT12M", "-PT12M", "PT3S", "-P400D"})
    void theDatabasesTimeCountsHoweverWrongTheMachineIs(String difference) {
        wrong.set(Duration.parse(difference));

        var clock = time().withZone(ZoneId.of("Asia/Shanghai"));

        assertThat(apart(clock.instant())).isLessThan(NEAR);
        assertThat(apart(Instant.ofEpochMilli(clock.millis()))).isLessThan(NEAR);
        assertThat(clock.getZone()).isEqualTo(ZoneId.of("Asia/Shanghai"));
        assertThat(metrics.get("tallyhook.clock.behind").gauge().value()).isNotZero();
    }

    /** Else time would jump for nothing, each time that somebody asks. */
    @Test
    void aClockThatIsNearlyRightIsLeftAlone() {
        wrong.set(Duration.ofMillis(300));
        var time = time();

        time.compare();

        assertThat(metrics.get("tallyhook.clock.behind").gauge().value()).isZero();
        assertThat(time.instant()).isBetween(machine.instant().minusSeconds(60), machine.instant());
    }

    @Test
    void aClockThatGoesWrongLaterIsNoticedAndOneThatIsSetRightToo() {
        var time = time();

        wrong.set(Duration.ofMinutes(-9));
        time.compare();
        assertThat(apart(time.instant())).isLessThan(NEAR);

        wrong.set(Duration.ZERO);
        time.compare();
        assertThat(apart(time.instant())).isLessThan(NEAR);
        assertThat(metrics.get("tallyhook.clock.behind").gauge().value()).isZero();
    }

    @Test
    void whileTheDatabaseIsAwayTheMachinesTimeIsBetterThanNone() {
        var nobody = new PGSimpleDataSource();
        nobody.setUrl("jdbc:postgresql://127.0.0.1:1/nobody?connectTimeout=1");

        assertThat(apart(new DatabaseTime(machine, nobody, metrics).instant())).isLessThan(NEAR);
    }

    private DatabaseTime time() {
        var database = new PGSimpleDataSource();
        database.setUrl(FreshDatabase.create());
        database.setUser("postgres");
        database.setPassword("postgres");
        return new DatabaseTime(machine, database, metrics);
    }

    /** From the real time, which is the database's as it runs beside us. */
    private static Duration apart(Instant at) {
        return Duration.between(at, Clock.systemUTC().instant()).abs();
    }
}
