package io.tallyhook.admin;

import io.tallyhook.access.ApiKeys;
import io.tallyhook.access.Scope;
import java.security.Principal;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** API keys: who has which, a new one (shown once), an end to one. */
@Controller
class KeysPage {

    private static final int LONGEST_NAME = 100;

    private final ApiKeys keys;

    KeysPage(ApiKeys keys) {
        this.keys = keys;
    }

    @GetMapping("/admin/keys")
    String list(Model model) {
        model.addAttribute("keys", keys.all());
        model.addAttribute("scopes", Scope.values());
        return "admin/keys";
    }

    /** The key goes into this answer and nowhere else: not into a session, not into an address. */
    @PostMapping("/admin/keys")
    ModelAndView create(
            @RequestParam(defaultValue = "") String name,
            @RequestParam(name = "scope", defaultValue = "") List<String> wanted,
            Principal person,
            Model model) {
        var scopes = wanted.stream().map(Scope::of).flatMap(Optional::stream).toList();
        var page = new ModelAndView();
        if (!isName(name) || scopes.isEmpty()) {
            model.addAttribute("objection", isName(name) ? "keys.wrong.scopes" : "keys.wrong.name");
            model.addAttribute("name", name);
            model.addAttribute("wanted", scopes);
            page.setStatus(HttpStatus.UNPROCESSABLE_CONTENT);
        } else {
            model.addAttribute("issued", keys.issue(name.strip(), scopes, person.getName()));
            model.addAttribute("issuedName", name.strip());
        }
        page.setViewName(Objects.requireNonNull(list(model)));
        return page;
    }

    /** It is written to the log and beside all that the key does, so it must not look like lines of its own. */
    private static boolean isName(String name) {
        return !name.isBlank()
                && name.strip().length() <= LONGEST_NAME
                && name.strip().chars().noneMatch(Character::isISOControl);
    }

    @PostMapping("/admin/keys/{id}/revoke")
    String revoke(@PathVariable long id, Principal person, RedirectAttributes redirect) {
        if (keys.revoke(id, person.getName())) {
            Flash.done(redirect, "keys.revoked");
        } else {
            Flash.refused(redirect, "keys.notThere");
        }
        return "redirect:/admin/keys";
    }
}
