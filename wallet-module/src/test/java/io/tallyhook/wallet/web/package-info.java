@NullMarked
package io.tallyhook.wallet.web;

import org.jspecify.annotations.NullMarked;
