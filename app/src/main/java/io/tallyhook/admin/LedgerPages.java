package io.tallyhook.admin;

import io.tallyhook.payment.Refusal;
import io.tallyhook.wallet.audit.Audit;
import io.tallyhook.wallet.audit.ProofRun;
import java.security.Principal;
import java.util.List;
import java.util.Optional;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Why the ledger can be believed: the last checks, the head of the chain, and what is stopped. */
@Controller
@RequestMapping("/admin/ledger")
class LedgerPages {

    private static final String BACK = "redirect:/admin/ledger";

    private final Audit audit;
    private final Refusals refusals;

    LedgerPages(Audit audit, Refusals refusals) {
        this.audit = audit;
        this.refusals = refusals;
    }

    @GetMapping
    String proof(Model model) {
        var runs = audit.runs();
        var full = audit.lastFullRun();
        var moved = runs.stream().filter(run -> !run.full()).findFirst();
        model.addAttribute("health", audit.health());
        model.addAttribute("invariants", InvariantLine.of(moved, full));
        model.addAttribute("moved", moved);
        model.addAttribute("full", full);
        model.addAttribute("runs", runs);
        model.addAttribute("head", audit.head());
        model.addAttribute("stops", audit.stops());
        model.addAttribute("endedStops", audit.endedStops());
        model.addAttribute("jobs", audit.jobs());
        return "admin/ledger";
    }

    @PostMapping("/check")
    String check(Principal person, RedirectAttributes redirect) {
        if (audit.askForFullProof(person.getName())) {
            Flash.done(redirect, "ledger.asked");
        } else {
            Flash.refused(redirect, "ledger.askedBefore");
        }
        return BACK;
    }

    @PostMapping("/stops/{stopId}/resume")
    String resume(
            @PathVariable long stopId,
            @RequestParam(defaultValue = "") String note,
            Principal person,
            RedirectAttributes redirect) {
        try {
            audit.resume(stopId, person.getName(), note);
            Flash.done(redirect, "ledger.resumed");
        } catch (Refusal refusal) {
            refusals.flash(refusal, redirect);
        }
        return BACK;
    }

    /** To be kept where nobody who can change the database can change it. */
    @GetMapping("/head.txt")
    ResponseEntity<String> head() {
        var head = audit.head();
        var text = """
                Head of the Tallyhook ledger
                block: %d
                journals: %d
                sha256: %s
                sealed: %s

                To find out later whether anything before it was changed:
                java -jar tallyhook.jar verify-ledger --expect-block=%d --expect-head=%s
                """.formatted(
                head.block(),
                head.journals(),
                head.sha256(),
                Optional.ofNullable(head.sealedAt()).map(Object::toString).orElse("-"),
                head.block(),
                head.sha256());
        var disposition = ContentDisposition.attachment()
                .filename("tallyhook-ledger-%d.txt".formatted(head.block()))
                .build();
        return ResponseEntity.ok()
                .header(HttpHeaders.CONTENT_DISPOSITION, disposition.toString())
                .contentType(MediaType.TEXT_PLAIN)
                .body(text);
    }

    /**
     * An invariant as the page shows it, in the last checks.
     *
     * @param movedChecked how many things were checked for it in the last check of what moved
     * @param fullChecked in the last check of everything
     */
    record InvariantLine(String name, Optional<Long> movedChecked, Optional<Long> fullChecked, long violations) {

        static List<InvariantLine> of(Optional<ProofRun> moved, Optional<ProofRun> full) {
            return full.or(() -> moved).map(ProofRun::invariants).orElse(List.of()).stream()
                    .map(invariant -> new InvariantLine(
                            invariant.name(),
                            checked(moved, invariant.name()),
                            checked(full, invariant.name()),
                            Math.max(violations(moved, invariant.name()), violations(full, invariant.name()))))
                    .toList();
        }

        private static Optional<Long> checked(Optional<ProofRun> run, String name) {
            return run.stream()
                    .flatMap(one -> one.invariants().stream())
                    .filter(invariant -> invariant.name().equals(name))
                    .map(invariant -> invariant.checked())
                    .findFirst();
        }

        private static long violations(Optional<ProofRun> run, String name) {
            return run.stream()
                    .flatMap(one -> one.invariants().stream())
                    .filter(invariant -> invariant.name().equals(name))
                    .mapToLong(invariant -> invariant.violations())
                    .sum();
        }

        /** Shown as a badge. */
        public String state() {
            return violations == 0 ? "HOLDS" : "BROKEN";
        }
    }
}
