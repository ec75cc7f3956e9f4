package tallyhook.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The role that the application runs as when another one owns the tables. It is given what the migrations of one module
 * grant, and nothing else, so that a test sees whether that is enough and not too much.
 */
public final class RuntimeRole {

    private final String name;
    private final String grants;

    private RuntimeRole(String name, String grants) {
        this.name = name;
        this.grants = grants;
    }

    /** The role with the rights that this module grants. */
    public static RuntimeRole of(String module) {
        var name = "runtime_of_" + module;
        try {
            var grants = new StringBuilder();
            for (var script : new PathMatchingResourcePatternResolver()
                    .getResources("classpath*:db/migration/" + module + "/*.sql")) {
                Arrays.stream(script.getContentAsString(StandardCharsets.UTF_8).split(";"))
                        .map(statement -> statement.replaceAll("(?m)^--.*$", "").strip())
                        .filter(statement -> statement.startsWith("GRANT"))
                        .forEach(grant -> grants.append(grant.replace("${runtimeRole}", name))
                                .append(";\n"));
            }
            return new RuntimeRole(name, grants.toString());
        } catch (IOException e) {
            throw new UncheckedIOException("The migrations of %s cannot be read".formatted(module), e);
        }
    }

    /** Does something as this role in one transaction, which is rolled back. */
    public void does(TransactionTemplate transaction, JdbcClient jdbc, Runnable something) {
        transaction.executeWithoutResult(status -> {
            status.setRollbackOnly();
            jdbc.sql("CREATE ROLE " + name).update();
            jdbc.sql(grants).update();
            jdbc.sql("SET LOCAL ROLE " + name).update();
            something.run();
        });
    }
}
