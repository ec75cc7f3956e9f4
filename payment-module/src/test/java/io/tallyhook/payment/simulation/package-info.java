/**
 * Years of trouble in seconds: payments, callbacks, listeners and sweeps behind one seed, against a small model of what
 * must hold. The decision is the real one; the store is a small one in memory, which a second test holds against
 * PostgreSQL, step by step.
 */
@NullMarked
package io.tallyhook.payment.simulation;

import org.jspecify.annotations.NullMarked;
