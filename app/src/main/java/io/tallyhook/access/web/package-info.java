/** Who gets through to which path: the security chains, their answers and headers. */
@NullMarked
package io.tallyhook.access.web;

import org.jspecify.annotations.NullMarked;
