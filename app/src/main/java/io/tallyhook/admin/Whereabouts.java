package io.tallyhook.admin;

import org.springframework.web.util.UriComponentsBuilder;

/**
 * Where people find something.
 *
 * @param kind of what, such as {@code payment}; {@code hit.<kind>} in the message bundles
 * @param name its number or name, as people know it
 */
record Whereabouts(String kind, String name, String path) {

    /** To its own page. */
    static Whereabouts to(String kind, String name, String... steps) {
        return new Whereabouts(kind, name, admin(steps).encode().build().toUriString());
    }

    /** To a list with nothing but what has this name in this field. */
    static Whereabouts toList(String kind, String name, String list, String field) {
        var path = admin(list).queryParam(field, "{value}").encode().buildAndExpand(name);
        return new Whereabouts(kind, name, path.toUriString());
    }

    /** To the place on the page that has its name. */
    Whereabouts onThePage() {
        return new Whereabouts(kind, name, path + "#" + name);
    }

    private static UriComponentsBuilder admin(String... steps) {
        return UriComponentsBuilder.fromPath("/admin").pathSegment(steps);
    }
}
