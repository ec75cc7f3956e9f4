package io.tallyhook.payment.fulfilment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every share is done once, whoever does it, and nobody suffers for another's. */
class JoinedTests {

    private static final Duration PATIENT = Duration.ofMinutes(1);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Queue<List<Integer>> worked = new ConcurrentLinkedQueue<>();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch end = new CountDownLatch(1);

    @AfterEach
    void nobodyIsLeft() {
        end.countDown();
        threads.close();
    }

    @Test
    void who_comes_alone_works_at_once() {
        new Joined<Integer>(6, PATIENT).run(1, worked::add);

        assertThat(worked).containsExactly(List.of(1));
    }

    @Test
    void who_comes_meanwhile_is_joined() throws Exception {
        var joined = new Joined<Integer>(6, PATIENT);
        var first = threads.submit(() -> joined.run(0, this::slowly));
        begun.await();
        var others = comeMeanwhile(joined, 4, worked::add);
        end.countDown();

        first.get();
        for (var other : others) {
            other.get();
        }
        assertThat(worked.stream().map(List::size)).containsExactly(1, 4);
        assertThat(worked.stream().flatMap(List::stream)).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
    }

    @Test
    void as_many_as_may_go_together_do_not_wait_for_their_turn() throws Exception {
        var joined = new Joined<Integer>(3, PATIENT);
        threads.execute(() -> joined.run(0, this::slowly));
        begun.await();
        var others = comeMeanwhile(joined, 2, worked::add);

        joined.run(3, worked::add);

        for (var other : others) {
            other.get();
        }
        assertThat(end.getCount()).as("the first works still").isEqualTo(1);
        assertThat(worked.stream().map(List::size)).containsExactly(1, 3);
    }

    @Test
    void when_joined_work_fails_each_does_his_own_and_only_the_culprit_hears_of_it() throws Exception {
        var joined = new Joined<Integer>(6, PATIENT);
        threads.execute(() -> joined.run(0, this::slowly));
        begun.await();
        var others = comeMeanwhile(joined, 4, this::unlessTwo);
        end.countDown();

        for (int i = 0; i < others.size(); i++) {
            var other = others.get(i);
            if (i + 1 == 2) {
                assertThatThrownBy(other::get).hasRootCauseMessage("two");
            } else {
                other.get();
            }
        }
        assertThat(worked).containsOnlyOnce(List.of(1), List.of(3), List.of(4));
    }

    @Test
    void who_dies_in_joined_work_leaves_the_others_to_do_their_own() throws Exception {
        var joined = new Joined<Integer>(6, PATIENT);
        threads.execute(() -> joined.run(0, this::slowly));
        begun.await();
        var others = comeMeanwhile(joined, 3, shares -> {
            if (shares.size() > 1) {
                throw new StackOverflowError("died");
            }
            worked.add(shares);
        });
        end.countDown();

        int dead = 0;
        for (var other : others) {
            try {
                other.get();
            } catch (Exception e) {
                assertThat(e).hasRootCauseMessage("died");
                dead++;
            }
        }
        assertThat(dead).isEqualTo(1);
        assertThat(worked).hasSize(3);
    }

    @Test
    void who_is_stuck_keeps_nobody_waiting() {
        var joined = new Joined<Integer>(6, Duration.ofMillis(20));
        threads.execute(() -> joined.run(0, this::slowly));
        await().until(() -> begun.getCount() == 0);

        joined.run(1, worked::add);

        assertThat(worked).contains(List.of(1));
    }

    @Test
    void in_any_crowd_every_share_is_done_once() throws Exception {
        var joined = new Joined<Integer>(6, Duration.ofMillis(1));
        var crowd = IntStream.range(0, 2_000)
                .<Future<?>>mapToObj(i -> threads.submit(() -> joined.run(i, shares -> {
                    if (shares.size() > 1 && shares.contains(i / 7 * 7)) {
                        throw new IllegalStateException("not together");
                    }
                    worked.add(List.copyOf(shares));
                })))
                .toList();
        for (var one : crowd) {
            one.get();
        }

        assertThat(worked.stream().flatMap(List::stream))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 2_000).boxed().toList());
    }

    private void slowly(List<Integer> shares) {
        worked.add(shares);
        begun.countDown();
        try {
            end.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void unlessTwo(List<Integer> shares) {
        if (shares.contains(2)) {
            throw new IllegalStateException("two");
        }
        worked.add(shares);
    }

    private List<Future<?>> comeMeanwhile(Joined<Integer> joined, int callers, Consumer<List<Integer>> work) {
        var others = new ArrayList<Future<?>>();
        for (int i = 1; i <= callers; i++) {
            int share = i;
            others.add(threads.submit(() -> joined.run(share, work)));
        }
        await().until(() -> joined.waiting() == callers);
        return others;
    }
}
