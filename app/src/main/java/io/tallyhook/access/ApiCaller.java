package io.tallyhook.access;

import java.util.Set;

/**
 * Who is calling the API.
 *
 * @param keyId of the API key; 0 for the bootstrap key of the configuration
 * @param name the key's name, for logs and records
 */
public record ApiCaller(long keyId, String name, Set<Scope> scopes) {

    /** The bootstrap key has no row in the database, and so no number of its own. */
    static final long BOOTSTRAP = 0;
}
