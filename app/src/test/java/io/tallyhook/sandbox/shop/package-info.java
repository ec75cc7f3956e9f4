/** The sandbox shop: its words, pages and what it refuses. */
@NullMarked
package io.tallyhook.sandbox.shop;

import org.jspecify.annotations.NullMarked;
