/** The merchant API of payments, and the conventions of the whole API: strict JSON and problem documents. */
@NullMarked
package io.tallyhook.payment.web;

import org.jspecify.annotations.NullMarked;
