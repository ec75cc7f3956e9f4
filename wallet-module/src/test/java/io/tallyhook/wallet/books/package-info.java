@NullMarked
package io.tallyhook.wallet.books;

import org.jspecify.annotations.NullMarked;
