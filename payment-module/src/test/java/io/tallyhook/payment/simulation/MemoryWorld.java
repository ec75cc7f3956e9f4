package io.tallyhook.payment.simulation;

import io.tallyhook.payment.ConfirmedPayment;
import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.PaymentsConfirmed;
import io.tallyhook.payment.booking.Booking;
import io.tallyhook.payment.booking.Decision;
import io.tallyhook.payment.booking.KnownPayment;
import io.tallyhook.payment.fulfilment.FulfilmentSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The store in memory: what the SQL of the module does, in Java. Fulfilment is in {@link MemoryFulfilment}. */
class MemoryWorld implements World {

    /** By what is in them, since nobody promises in which order they come. */
    static final Comparator<PaymentsConfirmed> IN_ORDER = Comparator.comparing(PaymentsConfirmed::purpose)
            .thenComparing(event -> event.payments().getFirst().outTradeNo());

    private final Deciding decide;
    private final FulfilmentSettings settings;
    private final MemoryFulfilment fulfilment;
    private final List<PaymentsConfirmed> heard = new ArrayList<>();
    private Map<String, Row> rows = new LinkedHashMap<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    MemoryWorld(Deciding decide, FulfilmentSettings settings) {
        this.decide = decide;
        this.settings = settings;
        this.fulfilment = fulfilment(settings);
    }

    /** So that a broken one can take its place. */
    MemoryFulfilment fulfilment(FulfilmentSettings used) {
        return new MemoryFulfilment(this, used);
    }

    @Override
    public String open(Terms terms) {
        var number = "P%07d".formatted(rows.size());
        add(Row.opened(number, terms.purpose(), "R" + number, terms.provider(), "main", Money.fen(terms.amount())));
        return number;
    }

    /** Takes over a payment that was opened elsewhere. */
    void add(KnownPayment payment) {
        rows.put(payment.outTradeNo(), new Row(payment, 0, null, 0));
    }

    @Override
    public void close(String outTradeNo) {
        var row = row(outTradeNo);
        if (row.payment().state() == PaymentState.PENDING) {
            put(row.with(
                    Row.changed(row.payment(), PaymentState.CLOSED, FulfilmentState.NONE, null), row.attempts(), null));
        }
    }

    @Override
    public Optional<List<Decision>> book(List<Booking> group, boolean killed) {
        var booked = transaction(killed, () -> {
            var decisions = new ArrayList<Decision>(group.size());
            var current = new LinkedHashMap<String, KnownPayment>();
            for (var booking : group) {
                var number = booking.fact().outTradeNo();
                var stored = Optional.ofNullable(rows.get(number)).map(Row::payment);
                var decision = decide.decide(
                        booking, Optional.ofNullable(current.get(number)).or(() -> stored));
                decision.change().ifPresent(change -> current.put(number, change.after()));
                decisions.add(decision);
            }
            var changes = decisions.stream()
                    .flatMap(decision -> decision.change().stream())
                    .toList();
            changes.forEach(this::write);
            tell(changes.stream().map(Decision.Change::after).toList());
            return List.copyOf(decisions);
        });
        all().forEach(this::unwind);
        return booked;
    }

    /** What was handed out and is given back as a whole is reversed, right after the commit. */
    private void unwind(Row row) {
        if (row.payment().state() == PaymentState.REFUNDED && row.payment().fulfilment() == FulfilmentState.SUCCEEDED) {
            put(row.now(FulfilmentState.REVERSED, null, row.attempts(), null));
        }
    }

    void write(Decision.Change change) {
        var row = row(change.before().outTradeNo());
        var after = change.after();
        if (row.payment().version() != change.before().version()
                || row.payment().state() != change.before().state()) {
            throw new IllegalStateException("The row is not the one decided on: " + row);
        }
        boolean waits = after.fulfilment() == FulfilmentState.PENDING || after.fulfilment() == FulfilmentState.FAILED;
        var due = row.dueAt() == null ? now().plus(settings.lease()) : row.dueAt();
        put(row.with(after, row.attempts(), waits ? due : null));
    }

    private void tell(List<KnownPayment> changed) {
        fulfilment.tell(
                changed.stream()
                        .filter(payment ->
                                payment.state() == PaymentState.PAID && payment.fulfilment() == FulfilmentState.PENDING)
                        .toList(),
                false);
    }

    /** All of it, or nothing. */
    <T> Optional<T> transaction(boolean killed, java.util.function.Supplier<T> work) {
        var back = remember();
        boolean committed = false;
        try {
            var result = work.get();
            committed = !killed;
            return committed ? Optional.of(result) : Optional.empty();
        } finally {
            if (!committed) {
                back.run();
            }
        }
    }

    /** @return what brings the store back to where it is now */
    Runnable remember() {
        var before = new LinkedHashMap<>(rows);
        int told = heard.size();
        return () -> {
            rows = before;
            heard.subList(told, heard.size()).clear();
        };
    }

    void publish(PaymentsConfirmed event) {
        heard.add(event);
    }

    MemoryFulfilment fulfilment() {
        return fulfilment;
    }

    /** One event for each purpose. */
    void publish(List<KnownPayment> payments, boolean again) {
        var byPurpose = new TreeMap<String, List<ConfirmedPayment>>();
        payments.stream()
                .sorted(Comparator.comparing(KnownPayment::outTradeNo))
                .forEach(payment -> byPurpose
                        .computeIfAbsent(payment.purpose(), any -> new ArrayList<>())
                        .add(confirmed(payment)));
        byPurpose.forEach((purpose, confirmed) -> heard.add(new PaymentsConfirmed(purpose, confirmed, again)));
    }

    static ConfirmedPayment confirmed(KnownPayment payment) {
        return new ConfirmedPayment(
                payment.outTradeNo(),
                payment.reference(),
                payment.userId().value(),
                payment.amount().minorUnits(),
                payment.amount().currency().getCurrencyCode(),
                payment.provider(),
                payment.account(),
                Objects.requireNonNull(payment.providerTransactionId()),
                Objects.requireNonNull(payment.paidAt()));
    }

    @Override
    public List<PaymentsConfirmed> heard() {
        var events = heard.stream().sorted(IN_ORDER).toList();
        heard.clear();
        return events;
    }

    @Override
    public void handOut(String outTradeNo) {
        put(row(outTradeNo).handedOutOnceMore());
    }

    @Override
    public void listen(PaymentsConfirmed event, Listener listener) {
        fulfilment.listen(event, listener);
    }

    @Override
    public void dieListening(PaymentsConfirmed event, Listener listener) {
        fulfilment.dieListening(event, listener);
    }

    @Override
    public void sweep() {
        fulfilment.sweep();
    }

    @Override
    public void retry(String outTradeNo) {
        fulfilment.retry(outTradeNo);
    }

    @Override
    public void jump(Duration time) {
        now = now.plus(time);
    }

    @Override
    public List<Row> rows(List<String> outTradeNos) {
        return outTradeNos.stream().map(this::row).toList();
    }

    @Override
    public Row row(String outTradeNo) {
        return Objects.requireNonNull(rows.get(outTradeNo), outTradeNo);
    }

    @Nullable
    Row find(String outTradeNo) {
        return rows.get(outTradeNo);
    }

    List<Row> all() {
        return List.copyOf(rows.values());
    }

    void put(Row row) {
        rows.put(row.payment().outTradeNo(), row);
    }

    Instant now() {
        return now;
    }
}
