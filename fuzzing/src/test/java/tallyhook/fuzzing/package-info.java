/** What the fuzz tests have in common. */
@org.jspecify.annotations.NullMarked
package tallyhook.fuzzing;
