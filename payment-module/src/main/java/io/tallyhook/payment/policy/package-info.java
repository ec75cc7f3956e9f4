/**
 * What happens by itself to money that arrived and could not be turned into what was bought: each case has a policy per
 * purpose, every decision is kept, and what a policy cannot or must not settle waits for a person.
 */
@NullMarked
@NamedInterface("policy")
package io.tallyhook.payment.policy;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
