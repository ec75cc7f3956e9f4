/** The merchant API of memberships: plans, purchases, and who is a member until when. */
@NullMarked
package io.tallyhook.membership.web;

import org.jspecify.annotations.NullMarked;
