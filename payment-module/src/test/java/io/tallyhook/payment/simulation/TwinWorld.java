package io.tallyhook.payment.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.PaymentsConfirmed;
import io.tallyhook.payment.booking.Booking;
import io.tallyhook.payment.booking.Decision;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Two worlds to which the same happens, and which must agree on all that can be seen. */
final class TwinWorld implements World {

    private final PostgresWorld real;
    private final MemoryWorld memory;
    private World handingOut;

    TwinWorld(PostgresWorld real, MemoryWorld memory) {
        this.real = real;
        this.memory = memory;
        this.handingOut = memory;
    }

    private void both(Consumer<World> something) {
        for (var world : List.of(memory, real)) {
            handingOut = world;
            something.accept(world);
        }
    }

    @Override
    public String open(Terms terms) {
        var number = real.open(terms);
        memory.add(real.row(number).payment());
        return number;
    }

    @Override
    public void close(String outTradeNo) {
        both(world -> world.close(outTradeNo));
    }

    @Override
    public Optional<List<Decision>> book(List<Booking> group, boolean killed) {
        var decisions = real.book(group, killed);
        assertThat(memory.book(group, killed)).as("decided in memory").isEqualTo(decisions);
        return decisions;
    }

    @Override
    public List<PaymentsConfirmed> heard() {
        var events = real.heard();
        assertThat(memory.heard()).as("told in memory").isEqualTo(events);
        return events;
    }

    @Override
    public void handOut(String outTradeNo) {
        handingOut.handOut(outTradeNo);
    }

    @Override
    public void listen(PaymentsConfirmed event, Listener listener) {
        both(world -> world.listen(event, listener));
    }

    @Override
    public void dieListening(PaymentsConfirmed event, Listener listener) {
        both(world -> world.dieListening(event, listener));
    }

    @Override
    public void sweep() {
        both(World::sweep);
    }

    @Override
    public void retry(String outTradeNo) {
        both(world -> world.retry(outTradeNo));
    }

    @Override
    public void jump(Duration time) {
        both(world -> world.jump(time));
    }

    @Override
    public List<Row> rows(List<String> outTradeNos) {
        var rows = real.rows(outTradeNos);
        rows.forEach(this::takeOverJitter);
        assertThat(memory.rows(outTradeNos)).as("in memory").isEqualTo(rows);
        return rows;
    }

    /** After a failure the real one waits up to a fifth longer, at random; the one in memory waits the same from then on. */
    private void takeOverJitter(Row row) {
        var mine = memory.row(row.payment().outTradeNo());
        var due = row.dueAt();
        if (due == null || mine.dueAt() == null || row.payment().fulfilment() != FulfilmentState.FAILED) {
            return;
        }
        var longest = Play.SETTINGS.gap(row.attempts() + 1).dividedBy(5).plusSeconds(1);
        if (due.isAfter(mine.dueAt()) && due.isBefore(mine.dueAt().plus(longest))) {
            memory.put(mine.with(mine.payment(), mine.attempts(), due));
        }
    }
}
