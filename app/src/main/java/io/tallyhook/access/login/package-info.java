/** The login of administrators: passwords, throttle, first administrator. */
@NullMarked
package io.tallyhook.access.login;

import org.jspecify.annotations.NullMarked;
