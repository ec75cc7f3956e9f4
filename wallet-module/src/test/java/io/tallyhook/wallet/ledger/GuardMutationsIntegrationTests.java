package io.tallyhook.wallet.ledger;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.transaction.support.TransactionTemplate;

/** Each guard in the functions and statements is taken out in turn: a check must fail that holds while it is there. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GuardMutationsIntegrationTests {

    private static final List<String> CHECKS = List.of(
            "stories",
            "repeats",
            "ends",
            "races",
            "late",
            "cents",
            "nets",
            "neighbours",
            "revenues",
            "collected",
            "damage",
            "journals");

    private final LedgerDatabase database = LedgerDatabase.freshAndHasty();
    private final LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());

    /** A race that goes wrong leaves a connection that cannot be rolled back, which would fill the log. */
    @BeforeAll
    void silence() {
        logging.setLogLevel(TransactionTemplate.class.getName(), LogLevel.OFF);
    }

    @AfterAll
    void speakAgain() {
        logging.setLogLevel(TransactionTemplate.class.getName(), null);
        database.drop();
    }

    @ParameterizedTest
    @FieldSource("CHECKS")
    void withAllGuardsEveryCheckHolds(String check) throws Exception {
        var fresh = LedgerDatabase.freshAndHasty();
        new Checks(new Scratch(fresh, UnaryOperator.identity())).run(check);
        fresh.drop();
    }

    @TestFactory
    Stream<DynamicTest> everyGuardIsMissed() {
        var mutations = Mutation.all().stream()
                .map(mutation -> DynamicTest.dynamicTest(mutation.name(), () -> noticed(mutation)));
        return Stream.concat(
                mutations, Stream.of(DynamicTest.dynamicTest("and with all of them back none", this::restored)));
    }

    /** So that no check failed for what an earlier mutation had left. */
    private void restored() throws Exception {
        for (var check : CHECKS) {
            if (!looksAtWholeBooks(check)) {
                new Checks(new Scratch(database, UnaryOperator.identity())).run(check);
            }
        }
    }

    private static boolean looksAtWholeBooks(String check) {
        return check.equals("late");
    }

    /** What is booked without a guard may break the books for good, so that nothing looks at the whole of them but in a fresh copy. */
    private void noticed(Mutation mutation) throws Exception {
        var books = looksAtWholeBooks(mutation.noticedBy()) ? LedgerDatabase.freshAndHasty() : database;
        var scratch = new Scratch(books, mutation.statements());
        try (var teller = scratch.teller()) {
            List<String> originals = mutation.apply(teller);
            try {
                assertThatThrownBy(() -> new Checks(scratch).run(mutation.noticedBy()))
                        .as("the check of %s", mutation.noticedBy())
                        .isNotNull();
            } finally {
                Mutation.restore(teller, originals);
            }
        }
        if (books != database) {
            books.drop();
        }
    }
}
