package tallyhook.testing;

import java.time.Duration;
import java.util.stream.Stream;

/** What a network does to the bytes of one direction of a {@link FaultProxy}. */
public sealed interface Fault {

    /** Nothing. */
    record Fine() implements Fault {}

    /** Every piece comes this much later. */
    record Late(Duration by) implements Fault {}

    /** No piece is larger than this. */
    record Sliced(int bytes) implements Fault {}

    /** Nothing arrives while this lasts; after that, all of it. What TCP makes of a short loss. */
    record Stalled() implements Fault {}

    /** Nothing arrives, and on a connection that had this nothing ever will: somebody between has forgotten it. */
    record BlackHole() implements Fault {}

    /** So many bytes more arrive, then the connection is over, for both sides. */
    record Limited(long bytes, Ending ending) implements Fault {}

    /** The end of the stream is told only after this. */
    record SlowClose(Duration by) implements Fault {}

    /** Each way in which a question or an answer of some hundred bytes gets lost; 5 seconds are for ever here. */
    static Stream<Fault> losses() {
        return Stream.of(
                new BlackHole(),
                new Stalled(),
                new Late(Duration.ofSeconds(5)),
                new Limited(0, Ending.RESET),
                new Limited(0, Ending.CLOSE),
                new Limited(20, Ending.CLOSE),
                new Limited(120, Ending.RESET),
                new Limited(400, Ending.CLOSE));
    }

    /** How a connection is over. */
    enum Ending {
        RESET,
        CLOSE
    }
}
