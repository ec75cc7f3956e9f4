package io.tallyhook.admin;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The search field on top of every page: a number or a user goes straight to its page. */
@Controller
class SearchPage {

    private final FindAnything find;

    SearchPage(FindAnything find) {
        this.find = find;
    }

    @GetMapping("/admin/search")
    String search(@RequestParam(required = false) @Nullable String q, Model model) {
        var wanted = Filled.text(q);
        if (wanted == null) {
            return "redirect:/admin";
        }
        var hits = find.find(wanted);
        if (hits.size() == 1) {
            // What is found has a page of ours, never a page of somebody else.
            return "redirect:" + hits.getFirst().path();
        }
        model.addAttribute("wanted", wanted);
        model.addAttribute("hits", hits);
        return "admin/search";
    }
}
