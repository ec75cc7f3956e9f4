/** The simulator against the providers' own clients, and its callbacks against a receiver of ours. */
@NullMarked
package io.tallyhook.sandbox.simulator;

import org.jspecify.annotations.NullMarked;
