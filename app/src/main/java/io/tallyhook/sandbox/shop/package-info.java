/** A small shop that buys through the merchant API like any other, and the wallet its customers pay with. */
@NullMarked
package io.tallyhook.sandbox.shop;

import org.jspecify.annotations.NullMarked;
