/** What the tests of all modules share: a database, keys, and a language for callbacks. */
@NullMarked
package tallyhook.testing;

import org.jspecify.annotations.NullMarked;
