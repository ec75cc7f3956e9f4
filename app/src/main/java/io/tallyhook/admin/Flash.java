package io.tallyhook.admin;

import java.io.Serializable;
import java.util.List;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/**
 * One sentence shown on the page after a redirect: what was just done, or why it was not.
 *
 * @param key of the sentence in the message bundles
 * @param tone {@code good}, {@code bad} or {@code warn}
 */
record Flash(String key, String tone, List<String> arguments) implements Serializable {

    static void done(RedirectAttributes redirect, String key, Object... arguments) {
        add(redirect, "good", key, arguments);
    }

    static void refused(RedirectAttributes redirect, String key, Object... arguments) {
        add(redirect, "bad", key, arguments);
    }

    private static void add(RedirectAttributes redirect, String tone, String key, Object... arguments) {
        var texts = java.util.Arrays.stream(arguments).map(String::valueOf).toList();
        redirect.addFlashAttribute("flash", new Flash(key, tone, texts));
    }

    /** The name of the icon that goes with the tone. */
    public String icon() {
        return tone.equals("good") ? "circle-check" : "alert-circle";
    }
}
