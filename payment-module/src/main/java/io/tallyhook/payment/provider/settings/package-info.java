/** The accounts at providers as the operator writes them down, and what is wrong with them if anything is. */
@NullMarked
package io.tallyhook.payment.provider.settings;

import org.jspecify.annotations.NullMarked;
