/** The pages people work in: callbacks, payments, orders, wallets, memberships. */
@ApplicationModule(displayName = "Admin")
@NullMarked
package io.tallyhook.admin;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
