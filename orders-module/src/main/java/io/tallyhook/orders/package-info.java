@ApplicationModule(displayName = "Orders", allowedDependencies = "payment")
@NullMarked
package io.tallyhook.orders;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
