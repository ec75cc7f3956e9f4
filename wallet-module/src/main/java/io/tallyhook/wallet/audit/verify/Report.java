package io.tallyhook.wallet.audit.verify;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tallyhook.wallet.audit.verify.ChainWalk.Walked;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a verification has found.
 *
 * @param guards how many triggers are as they should be
 * @param functions how many functions of the database say what this version has installed
 * @param faults how many findings there are, of which the first are listed
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record Report(
        Walked chain,
        long guards,
        long functions,
        Optional<String> expectedHead,
        List<Views.Invariant> invariants,
        long faults,
        List<Finding> findings) {

    boolean clean() {
        return faults == 0;
    }

    String json() {
        return JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(this);
    }

    String text() {
        var text = new StringBuilder("""
                Verification of the ledger

                Part 1: from the rows themselves, hashed by this program
                """);
        line(text, "blocks", chain.blocks());
        line(text, "journals", chain.journals());
        line(text, "postings", chain.postings());
        line(text, "head", chain.head().isEmpty() ? "nothing is sealed yet" : chain.head());
        line(text, "not sealed yet", chain.unsealed());
        expectedHead.ifPresent(
                head -> line(text, "head you kept", has("head-differs") ? "NOT IN THE CHAIN" : "is in the chain"));
        line(text, "guards in place", guards);
        line(text, "functions as installed", functions);
        text.append("\nPart 2: what the database's own views say\n");
        invariants.forEach(invariant -> line(
                text,
                invariant.name(),
                invariant.violations() == 0
                        ? "holds, checked %,d".formatted(invariant.checked())
                        : "BROKEN %,d times".formatted(invariant.violations())));
        text.append("\n");
        for (int i = 0; i < findings.size(); i++) {
            text.append("%d. %s%n".formatted(i + 1, findings.get(i).sentence()));
        }
        if (faults > findings.size()) {
            text.append("… and %,d more%n".formatted(faults - findings.size()));
        }
        return text.append(clean() ? "CLEAN: the ledger is what was booked." : "%,d FAULTS.".formatted(faults))
                .append("\n")
                .toString();
    }

    private boolean has(String kind) {
        return findings.stream().anyMatch(finding -> finding.kind().equals(kind));
    }

    private static void line(StringBuilder text, String name, Object value) {
        text.append("  %-30s %s%n".formatted(name, value instanceof Long number ? "%,d".formatted(number) : value));
    }
}
