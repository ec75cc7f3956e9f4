package io.tallyhook.payment.provider.settings;

/** A setting is missing or cannot be used, so the application does not start. Never quotes a secret value. */
public final class UnusableSetting extends RuntimeException {

    private final String property;

    /**
     * @param property its full name
     * @param problem to be read after the name: {@code is missing}
     */
    public UnusableSetting(String property, String problem) {
        super("%s %s".formatted(property, problem));
        this.property = property;
    }

    public String property() {
        return property;
    }
}
