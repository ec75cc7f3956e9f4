/** A provider simulator that speaks the real protocols, and a shop to try everything out. */
@ApplicationModule(displayName = "Sandbox")
@NullMarked
package io.tallyhook.sandbox;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
