package io.tallyhook.payment;

/**
 * What a payment is for. The set is open: each module that sells something declares one bean of this type, and listens
 * to the {@link PaymentsConfirmed} of its code.
 *
 * @param code 2 to 32 characters of {@code A-Z 0-9 _}, such as {@code GOODS}
 */
public record Purpose(String code) {

    public Purpose {
        if (!code.matches("[A-Z0-9_]{2,32}")) {
            throw new IllegalArgumentException(
                    "A purpose is 2 to 32 characters of A-Z 0-9 _, not '%s'".formatted(code));
        }
    }

    @Override
    public String toString() {
        return code;
    }
}
