package io.tallyhook.payment.simulation;

import io.tallyhook.payment.PaymentsConfirmed;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** The processes: what they have heard and not yet worked off, which is gone when one is killed. */
final class Instances {

    private final World world;
    private final SplittableRandom random;
    private final List<List<PaymentsConfirmed>> queues = List.of(new ArrayList<>(), new ArrayList<>());

    Instances(World world, SplittableRandom random) {
        this.world = world;
        this.random = random;
    }

    private List<PaymentsConfirmed> one() {
        return queues.get(random.nextInt(queues.size()));
    }

    void kill() {
        one().clear();
    }

    /** What was committed reaches an instance, unless it gets lost. */
    void hear() {
        var events = world.heard();
        if (random.nextInt(10) > 0) {
            one().addAll(events);
        }
    }

    /** One of them works off something, in any order, now and then twice; or dies of it. */
    void listen(World.Listener module, Consumer<String> say) {
        var queue = one();
        if (queue.isEmpty()) {
            return;
        }
        int which = random.nextInt(queue.size());
        var event = queue.get(which);
        int fate = random.nextInt(10);
        if (fate > 1) {
            queue.remove(which);
        }
        if (fate == 9) {
            say.accept("die listening");
            world.dieListening(event, module);
            queue.clear();
        } else {
            say.accept("listen");
            world.listen(event, module);
        }
        var _ = world.heard();
    }

    /** Everything that was heard, and then what is due. */
    void workOff(World.Listener module) {
        for (var queue : queues) {
            queue.forEach(event -> world.listen(event, module));
            queue.clear();
        }
        var _ = world.heard();
    }

    void sweepAll() {
        world.sweep();
        queues.getFirst().addAll(world.heard());
    }
}
