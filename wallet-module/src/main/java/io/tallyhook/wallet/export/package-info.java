/**
 * The books as files: CSV and XLSX, written line by line from one snapshot, and a log of who took what.
 *
 * <p>The way in is {@link io.tallyhook.wallet.export.Exports}.
 */
@NamedInterface("export")
@NullMarked
package io.tallyhook.wallet.export;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
