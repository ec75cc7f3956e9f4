@ApplicationModule(displayName = "Membership", allowedDependencies = "payment")
@NullMarked
package io.tallyhook.membership;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
