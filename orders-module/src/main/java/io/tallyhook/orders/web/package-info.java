/** The merchant API of goods orders. */
@NullMarked
package io.tallyhook.orders.web;

import org.jspecify.annotations.NullMarked;
