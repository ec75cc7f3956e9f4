package io.tallyhook.access.web;

import io.tallyhook.access.ApiCaller;
import io.tallyhook.access.Scope;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;

/** A caller of the API in Spring Security's terms: its authorities are its scopes. */
public final class ApiKeyLogin extends AbstractAuthenticationToken {

    private final transient ApiCaller caller;

    ApiKeyLogin(ApiCaller caller) {
        super(AuthorityUtils.createAuthorityList(
                caller.scopes().stream().map(Scope::text).toList()));
        this.caller = caller;
        setAuthenticated(true);
    }

    public ApiCaller caller() {
        return caller;
    }

    @Override
    public Object getPrincipal() {
        return caller.name();
    }

    @Override
    public @Nullable Object getCredentials() {
        return null;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ApiKeyLogin login && super.equals(other) && caller.equals(login.caller);
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode() + caller.hashCode();
    }
}
