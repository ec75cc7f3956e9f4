package io.tallyhook.wallet;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.ConfirmedPayment;
import io.tallyhook.payment.Fulfilments;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.UserId;
import io.tallyhook.wallet.RechargesModel.Trouble;
import io.tallyhook.wallet.WalletEntry.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/** Random stories of recharges, told to the module and to a model of it; both must agree after each. */
@WalletModuleTest
class RandomRechargesIntegrationTests {

    private static final int STORIES = 200;
    private static final int STEPS = 15;

    private final CreditRecharges creditRecharges;
    private final Fulfilments fulfilments;
    private final Wallets wallets;
    private final Till till;
    private final LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());

    RandomRechargesIntegrationTests(
            CreditRecharges creditRecharges, Fulfilments fulfilments, Wallets wallets, Till till) {
        this.creditRecharges = creditRecharges;
        this.fulfilments = fulfilments;
        this.wallets = wallets;
        this.till = till;
    }

    /** The planned troubles would fill the log. */
    @BeforeEach
    void silence() {
        logging.setLogLevel(Fulfilments.class.getName(), LogLevel.OFF);
    }

    @AfterEach
    void speakAgain() {
        logging.setLogLevel(Fulfilments.class.getName(), null);
    }

    @Test
    void everyStoryEndsAsTheModelSays() {
        long seed = Long.getLong("tallyhook.test.seed", System.nanoTime());
        System.out.println("RandomRecharges: -Dtallyhook.test.seed=" + seed);
        var seeds = new Random(seed);
        for (int i = 0; i < STORIES; i++) {
            tell(new Story(new Random(seeds.nextLong()), "seed %d, story %d".formatted(seed, i)));
        }
        assertThat(wallets.proof().invariants()).as("seed %d", seed).allMatch(Proof.Invariant::holds);
    }

    private void tell(Story story) {
        for (int step = 0; step < STEPS; step++) {
            switch (story.random.nextInt(8)) {
                case 0, 1 -> story.recharge();
                case 2, 3 -> story.pay();
                case 4 -> story.cancel();
                default -> story.deliver();
            }
        }
        story.compare();
    }

    /** One story: a few users, their recharges, and who has paid. */
    private final class Story {

        private final Random random;
        private final String name;
        private final RechargesModel model = new RechargesModel();
        private final List<UserId> users;
        private final List<Recharge> recharges = new ArrayList<>();
        private final List<ConfirmedPayment> payments = new ArrayList<>();

        Story(Random random, String name) {
            this.random = random;
            this.name = name;
            this.users = List.of(till.newUser(), till.newUser());
        }

        void recharge() {
            var user = oneOf(users);
            var recharge = random.nextBoolean()
                    ? till.recharge(user, 1 + random.nextInt(1_000))
                    : till.recharge(user, 100 * (1 + random.nextInt(3)), random.nextInt(3));
            recharges.add(recharge);
            model.made(recharge);
        }

        void pay() {
            if (!recharges.isEmpty()) {
                var recharge = oneOf(recharges);
                if (model.isPayable(recharge)) {
                    var payment = till.paid(recharge);
                    payments.add(payment);
                    model.paid(payment);
                }
            }
        }

        void cancel() {
            if (!recharges.isEmpty()) {
                var recharge = oneOf(recharges);
                if (model.isPayable(recharge)) {
                    till.cancel(recharge);
                    model.cancelled(recharge);
                }
            }
        }

        void deliver() {
            var batch = payments.stream().filter(any -> random.nextInt(3) > 0).toList();
            if (!batch.isEmpty()) {
                var trouble = Trouble.values()[random.nextInt(Trouble.values().length)];
                fulfilments.run(Till.confirmed(batch.toArray(ConfirmedPayment[]::new)), due -> {
                    var answers = creditRecharges.apply(due);
                    if (trouble == Trouble.ALWAYS || (trouble == Trouble.IN_BATCHES && due.size() > 1)) {
                        throw new IllegalStateException("trouble, as planned");
                    }
                    return answers;
                });
                model.delivered(batch, trouble);
            }
        }

        void compare() {
            for (var payment : payments) {
                assertThat(till.fulfilment(payment)).as(name).isEqualTo(model.fulfilment(payment));
            }
            for (var recharge : recharges) {
                var now = wallets.get(recharge.rechargeNo());
                assertThat(now.state()).as(name).isEqualTo(model.state(recharge));
                assertThat(now.paidBy()).as(name).isEqualTo(model.paidBy(recharge));
            }
            for (var user : users) {
                var wallet = wallets.balance(user);
                assertThat(wallet.principal().minorUnits()).as(name).isEqualTo(model.balance(user, Part.PRINCIPAL));
                assertThat(wallet.bonus().minorUnits()).as(name).isEqualTo(model.balance(user, Part.BONUS));
                var lines = wallets.entries(user, Paging.of(200, null)).items();
                for (var part : Part.values()) {
                    assertThat(lines.stream()
                                    .filter(line -> line.part() == part)
                                    .map(WalletEntry::amount))
                            .as(name)
                            .containsExactlyInAnyOrderElementsOf(model.lines(user, part));
                }
            }
        }

        private <T> T oneOf(List<T> things) {
            return things.get(random.nextInt(things.size()));
        }
    }
}
