@ApplicationModule(displayName = "Wallet", allowedDependencies = "payment")
@NullMarked
package io.tallyhook.wallet;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
