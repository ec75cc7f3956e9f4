package io.tallyhook.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.Payment;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Import;
import tallyhook.testing.CountedStatements;

/** A list of payments is granted in as many trips to the database as one payment is. */
@MembershipModuleTest
@Import(CountedStatements.class)
class StatementsPerBatchIntegrationTests {

    private final CountedStatements statements;
    private final Club club;
    private final Memberships memberships;

    StatementsPerBatchIntegrationTests(CountedStatements statements, Club club, Memberships memberships) {
        this.statements = statements;
        this.club = club;
        this.memberships = memberships;
    }

    @Test
    void aBatchCostsTheSameStatementsWhateverItsSize() {
        assertThat(sentFor(20)).isEqualTo(sentFor(1)).isNotEmpty();
    }

    private List<String> sentFor(int payments) {
        var plan = club.aPlan(30);
        var attempts = Stream.generate(() -> club.paidInSilence(club.someone(), plan))
                .limit(payments)
                .toList();

        var sent = statements.during(() -> club.listenerAt(Instant.now()).on(Club.confirmed(attempts)));

        assertThat(attempts)
                .extracting(Payment::userId)
                .allMatch(user -> memberships.of(user).active());
        return sent;
    }
}
