package io.tallyhook.admin;

import io.tallyhook.access.login.People;
import java.security.Principal;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Who may work in these pages: letting somebody in, with a password shown once, and shutting somebody out. */
@Controller
@RequestMapping("/admin/people")
class PeoplePage {

    private final People people;

    PeoplePage(People people) {
        this.people = people;
    }

    @GetMapping
    String list(Principal person, Model model) {
        model.addAttribute("people", people.all());
        model.addAttribute("me", person.getName());
        return "admin/people";
    }

    @PostMapping
    ModelAndView add(@RequestParam(defaultValue = "") String name, Principal person, Model model) {
        if (!People.isName(name)) {
            return refused("people.wrong.name", name, person, model);
        }
        return people.add(name, person.getName())
                .map(password -> issued(name, password, person, model))
                .orElseGet(() -> refused("people.wrong.taken", name, person, model));
    }

    @PostMapping("/invite")
    ModelAndView invite(@RequestParam(defaultValue = "") String name, Principal person, Model model) {
        return people.inviteAgain(name, person.getName())
                .map(password -> issued(name, password, person, model))
                .orElseGet(() -> refused("people.wrong.invite", "", person, model));
    }

    @PostMapping("/deactivate")
    String deactivate(@RequestParam(defaultValue = "") String name, Principal person, RedirectAttributes redirect) {
        if (people.deactivate(name, person.getName())) {
            Flash.done(redirect, "people.deactivated", name);
        } else {
            Flash.refused(redirect, "people.wrong.deactivate");
        }
        return "redirect:/admin/people";
    }

    /** The password goes into this answer and nowhere else: not into a session, not into an address. */
    private ModelAndView issued(String name, String password, Principal person, Model model) {
        model.addAttribute("issued", password);
        model.addAttribute("issuedName", name.strip());
        return page(Optional.empty(), person, model);
    }

    private ModelAndView refused(String objection, String name, Principal person, Model model) {
        model.addAttribute("objection", objection);
        model.addAttribute("name", name);
        return page(Optional.of(HttpStatus.UNPROCESSABLE_CONTENT), person, model);
    }

    private ModelAndView page(Optional<HttpStatus> status, Principal person, Model model) {
        var page = new ModelAndView(list(person, model));
        status.ifPresent(page::setStatus);
        return page;
    }
}
