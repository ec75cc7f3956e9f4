package io.tallyhook.wallet.audit.verify;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The command line.
 *
 * @param passedOn settings of the application, by which it finds its own database
 */
record Options(Map<String, String> given, List<String> passedOn) {

    static final String USAGE = """
            verify-ledger [--url=jdbc:postgresql://… --username=… --password=…]
                          [--expect-head=<hash you kept> [--expect-block=<its number>]] [--json]

            Reads the whole ledger and compares it with its chain of hashes. A role with pg_read_all_data is enough. The
            password may also be in the environment, as PGPASSWORD. Without --url it takes the application's own database.
            Ends with 0 if all is well, with 1 if there are faults, with 2 if it could not run.
            """;

    private static final Set<String> KNOWN =
            Set.of("url", "username", "password", "expect-head", "expect-block", "json");

    /** A misspelled option must not pass: somebody would believe that his head was compared. */
    static Options of(String... arguments) {
        var given = new HashMap<String, String>();
        var passedOn = new ArrayList<String>();
        for (var argument : arguments) {
            var parts = argument.replaceFirst("^--", "").split("=", 2);
            if (argument.startsWith("--") && KNOWN.contains(parts[0])) {
                given.put(parts[0], parts.length == 2 ? parts[1] : "");
            } else if (argument.matches("--(spring|tallyhook|logging)\\..+")) {
                passedOn.add(argument);
            } else {
                throw new IllegalArgumentException("There is no option " + argument);
            }
        }
        var options = new Options(Map.copyOf(given), List.copyOf(passedOn));
        options.expectedHead();
        return options;
    }

    Optional<String> value(String name) {
        return Optional.ofNullable(given.get(name)).filter(value -> !value.isEmpty());
    }

    boolean json() {
        return given.containsKey("json");
    }

    Optional<ExpectedHead> expectedHead() {
        var block = value("expect-block").map(Long::valueOf);
        var head = value("expect-head");
        if (head.isEmpty() && (given.containsKey("expect-block") || given.containsKey("expect-head"))) {
            throw new IllegalArgumentException("--expect-head needs the hash");
        }
        if (head.isPresent() && !head.get().matches("[0-9a-fA-F]{64}")) {
            throw new IllegalArgumentException("--expect-head must be 64 characters of 0-9 a-f");
        }
        return head.map(hash -> new ExpectedHead(block.orElse(null), hash));
    }
}
