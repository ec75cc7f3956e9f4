package io.tallyhook.access.login;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.web.authentication.WebAuthenticationDetails;
import org.springframework.stereotype.Component;

/**
 * Checks name and password. Unknown user, wrong password, expired one-time password and a throttled try get the same
 * answer; all but the last cost the same time, because a password is compared in any case.
 */
@Component
class PasswordLogin implements AuthenticationProvider {

    /** Who has it may work in the pages. */
    static final String ADMIN = "ROLE_ADMIN";
    /** Who came with a one-time password may do nothing but replace it. */
    static final String NEW_PASSWORD = "ROLE_NEW_PASSWORD";

    private static final Logger LOG = LoggerFactory.getLogger(PasswordLogin.class);
    private static final int LONGEST_NAME = 64;

    private final Administrators administrators;
    private final LoginThrottle throttle;
    private final PasswordEncoder encoder;
    private final Clock clock;
    private final String nobodysHash;

    PasswordLogin(Administrators administrators, LoginThrottle throttle, PasswordEncoder encoder, Clock clock) {
        this.administrators = administrators;
        this.throttle = throttle;
        this.encoder = encoder;
        this.clock = clock;
        this.nobodysHash = Passwords.hash(encoder, "nobody has this password");
    }

    @Override
    public Authentication authenticate(Authentication attempt) {
        var name = Administrators.normalised(attempt.getName());
        var address = attempt.getDetails() instanceof WebAuthenticationDetails details
                ? details.getRemoteAddress()
                : "unknown";
        var administrator = check(name, String.valueOf(attempt.getCredentials()), address)
                .orElseThrow(() -> new BadCredentialsException("User name or password is wrong"));
        var role = administrator.mustChangePassword() ? NEW_PASSWORD : ADMIN;
        var login = UsernamePasswordAuthenticationToken.authenticated(
                administrator.username(), null, AuthorityUtils.createAuthorityList(role));
        login.setDetails(attempt.getDetails());
        return login;
    }

    /** The administrator, if name and password are right and the throttle lets the try through. */
    Optional<Administrator> check(String name, String password, String address) {
        if (name.length() > LONGEST_NAME || name.indexOf('\0') >= 0 || !throttle.admits(name, address)) {
            LOG.warn("Login refused without a look at the password, from {}", address);
            return Optional.empty();
        }
        var found = administrators.find(name);
        boolean fits = password.getBytes(StandardCharsets.UTF_8).length <= Passwords.LONGEST_BYTES;
        boolean right = encoder.matches(
                fits ? password : "", found.map(Administrator::passwordHash).orElse(nobodysHash));
        var good = found.filter(one -> right && fits && !one.expired(clock.instant()));
        if (good.isPresent()) {
            throttle.succeeded(name, address);
            LOG.info("{} signed in from {}", name, address);
        } else {
            LOG.warn("Login failed from {}", address);
        }
        return good;
    }

    @Override
    public boolean supports(Class<?> type) {
        return UsernamePasswordAuthenticationToken.class.isAssignableFrom(type);
    }
}
