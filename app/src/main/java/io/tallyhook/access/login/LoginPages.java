package io.tallyhook.access.login;

import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The login page, and the page where an administrator chooses a new password. */
@Controller
class LoginPages {

    private final PasswordLogin login;
    private final Administrators administrators;
    private final PasswordEncoder encoder;

    LoginPages(PasswordLogin login, Administrators administrators, PasswordEncoder encoder) {
        this.login = login;
        this.administrators = administrators;
        this.encoder = encoder;
    }

    @GetMapping("/admin/login")
    String login() {
        return "admin/login";
    }

    @GetMapping("/admin/password")
    String password(HttpServletRequest request, Model model) {
        model.addAttribute("forced", request.isUserInRole(PasswordLogin.NEW_PASSWORD));
        return "admin/password";
    }

    /** Changes the password and ends every session of the person, this one too. */
    @PostMapping("/admin/password")
    String change(
            HttpServletRequest request,
            Principal principal,
            Model model,
            jakarta.servlet.http.HttpServletResponse response,
            @RequestParam(defaultValue = "") String current,
            @RequestParam(defaultValue = "") String chosen,
            @RequestParam(defaultValue = "") String repeated) {
        var objection = objection(request, principal.getName(), current, chosen, repeated);
        if (objection.isPresent()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            model.addAttribute("objection", "password." + objection.get());
            return password(request, model);
        }
        administrators.changePassword(principal.getName(), Passwords.hash(encoder, chosen), null);
        request.getSession().invalidate();
        return "redirect:/admin/login?changed";
    }

    /** Who came with a one-time password has just typed it; everybody else proves that it is not a stranger at the desk. */
    private Optional<String> objection(
            HttpServletRequest request, String username, String current, String chosen, String repeated) {
        boolean forced = request.isUserInRole(PasswordLogin.NEW_PASSWORD);
        if (!forced && login.check(username, current, request.getRemoteAddr()).isEmpty()) {
            return Optional.of("current");
        }
        if (!chosen.equals(repeated)) {
            return Optional.of("repeat");
        }
        return Passwords.objection(chosen, username).or(() -> unchanged(username, chosen));
    }

    private Optional<String> unchanged(String username, String chosen) {
        return administrators
                .find(username)
                .filter(administrator -> encoder.matches(chosen, administrator.passwordHash()))
                .map(same -> "same");
    }
}
