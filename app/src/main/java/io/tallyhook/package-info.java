/** The application that composes the modules. */
@NullMarked
package io.tallyhook;

import org.jspecify.annotations.NullMarked;
