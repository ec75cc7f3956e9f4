/** What is paid and still due: leases, the sweep that brings back what was lost, retries, parking. */
@NullMarked
package io.tallyhook.payment.fulfilment;

import org.jspecify.annotations.NullMarked;
