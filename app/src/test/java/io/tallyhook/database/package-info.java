@NullMarked
package io.tallyhook.database;

import org.jspecify.annotations.NullMarked;
