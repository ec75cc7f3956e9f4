package io.tallyhook.payment.provider.settings;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

/**
 * The settings of one account, each checked as it is read.
 *
 * @param provider the provider's name
 * @param account our name of the account
 */
public record AccountSettings(String provider, String account) {

    private static final String SANDBOX = "sandbox";

    public AccountSettings {
        if (!account.matches("[a-z0-9][a-z0-9-]{0,31}")) {
            throw new UnusableSetting(
                    "%s.%s.%s".formatted(ProviderSettings.PREFIX, provider, account),
                    "must be named by 1 to 32 small letters, digits and hyphens, as its name is part of the callback address");
        }
        if (account.equals(SANDBOX)) {
            throw new UnusableSetting(
                    "%s.%s.%s".formatted(ProviderSettings.PREFIX, provider, account),
                    "must have another name: %s is kept for the sandbox".formatted(SANDBOX));
        }
    }

    /** The full name of one of its settings. */
    public String property(String name) {
        return "%s.%s.%s.%s".formatted(ProviderSettings.PREFIX, provider, account, name);
    }

    /** The value without blanks around it. */
    public String required(String name, @Nullable String value) {
        return optional(name, value).orElseThrow(() -> new UnusableSetting(property(name), "is missing"));
    }

    /** Empty only if the setting is absent: one that is written down but blank is a mistake. */
    public Optional<String> optional(String name, @Nullable String value) {
        if (value == null) {
            return Optional.empty();
        }
        if (!StringUtils.hasText(value)) {
            throw new UnusableSetting(property(name), "is blank");
        }
        return Optional.of(value.strip());
    }

    public String matching(String name, @Nullable String value, String pattern, String rule) {
        var text = required(name, value);
        if (!text.matches(pattern)) {
            throw new UnusableSetting(property(name), "must be " + rule);
        }
        return text;
    }

    /** An address without a slash at its end. */
    public URI address(String name, @Nullable String value, URI otherwise) {
        return optional(name, value)
                .map(text -> {
                    try {
                        var uri = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
                        var scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
                        if (uri.getHost() != null
                                && uri.getRawQuery() == null
                                && (scheme.equals("https") || scheme.equals("http"))) {
                            return uri;
                        }
                    } catch (IllegalArgumentException malformed) {
                        // Said below.
                    }
                    throw new UnusableSetting(property(name), "must be an http or https address without a query");
                })
                .orElse(otherwise);
    }

    public KeyText key(String name, @Nullable String value) {
        return new KeyText(property(name), required(name, value));
    }
}
