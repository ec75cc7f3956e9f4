/** Who may do what: administrators, their sessions and logins, API keys with scopes, idempotency keys. */
@ApplicationModule(displayName = "Access")
@NullMarked
package io.tallyhook.access;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
