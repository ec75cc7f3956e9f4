package io.tallyhook.access;

/**
 * Where security chains stand. Whatever no chain claims ends in the last one, which lets nobody in and answers 404.
 *
 * <p>A module that serves pages of its own, such as the sandbox's shop, declares a {@code SecurityFilterChain} bean with
 * {@code @Order(SecurityOrder.CONTRIBUTED)} and a {@code securityMatcher} for exactly its paths:
 *
 * <pre>{@code
 * @Bean
 * @Order(SecurityOrder.CONTRIBUTED)
 * SecurityFilterChain shop(HttpSecurity http) {
 *     return http.securityMatcher("/", "/shop/**", "/sandbox/**")
 *             .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
 *             .build();
 * }
 * }</pre>
 */
public final class SecurityOrder {

    /** The merchant API. */
    public static final int API = 20;
    /** Metrics and the API's description: by key or by login. */
    public static final int OPERATIONS = 30;
    /** The admin pages. */
    public static final int ADMIN = 40;
    /** Chains that other modules bring along. */
    public static final int CONTRIBUTED = 50;
    /** Public files, health, error pages; nothing else. */
    public static final int REST = 100;

    private SecurityOrder() {}
}
