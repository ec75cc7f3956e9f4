/**
 * The two payment providers, played with their real protocols on a web server of their own.
 *
 * <p>Written from the providers' documentation with nothing but the JDK's cryptography, and never with the classes the
 * application verifies with: two independent readings of one protocol are the point.
 */
@NullMarked
package io.tallyhook.sandbox.simulator;

import org.jspecify.annotations.NullMarked;
