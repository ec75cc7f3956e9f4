/**
 * Measures the product on the machine at hand: {@code ./dev bench}. No part of the application.
 *
 * <p>Rates of a shared machine move, so every figure is a ratio to something simple that ran beside it on the same server.
 */
@NullMarked
package io.tallyhook.benchmarks;

import org.jspecify.annotations.NullMarked;
