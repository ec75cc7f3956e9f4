/** Which PostgreSQL we run on: the embedded one, safely set up, or the configured one. */
@ApplicationModule(displayName = "Database")
@NullMarked
package io.tallyhook.database;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
