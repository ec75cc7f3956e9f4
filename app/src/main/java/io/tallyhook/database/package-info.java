/**
 * Which PostgreSQL we run on: the configured one, or an embedded one for trying things out, set up as safely as a real
 * one. Owns the schema {@code database}, in which an installation is marked as a sandbox. Refuses to start on a database
 * that could lose what it has acknowledged.
 */
@ApplicationModule(displayName = "Database")
@NullMarked
package io.tallyhook.database;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
