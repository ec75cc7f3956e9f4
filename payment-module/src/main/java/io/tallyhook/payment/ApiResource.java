package io.tallyhook.payment;

/**
 * A part of the merchant API that a module adds: {@code /api/v1/<name>} and everything below it. A module declares one
 * bean for each; without it the path is open to nobody.
 *
 * @param name the first part of the path, such as {@code tickets}
 * @param scopes the family of scopes that its calls need, such as {@code orders}: {@code orders:read} for GET, else
 *     {@code orders:write}
 */
public record ApiResource(String name, String scopes) {

    public ApiResource {
        if (!name.matches("[a-z0-9-]{2,64}")) {
            throw new IllegalArgumentException(
                    "A resource is 2 to 64 characters of a-z 0-9 -, not '%s'".formatted(name));
        }
    }
}
