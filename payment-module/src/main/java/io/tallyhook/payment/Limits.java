package io.tallyhook.payment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * The conditions of a list, only those that were asked for. One text with all of them, each behind "or is not asked for",
 * would get one plan for all, which at some size reads the whole table by time to find one row by its number.
 */
public final class Limits {

    private final List<String> conditions = new ArrayList<>();
    private final Map<String, Object> values = new LinkedHashMap<>();

    /**
     * Limits by a value, if there is one.
     *
     * @param condition SQL that names the parameter as {@code :name}
     */
    public Limits by(String name, @Nullable Object value, String condition) {
        if (value != null) {
            conditions.add(condition);
            values.put(name, value);
        }
        return this;
    }

    /**
     * Limits without a parameter, so that an index with a condition of its own fits whatever the plan.
     *
     * @param condition SQL, made of nothing that came from outside
     */
    public Limits by(String condition) {
        conditions.add(condition);
        return this;
    }

    /** For behind {@code WHERE}. */
    public String sql() {
        return conditions.isEmpty() ? "true" : String.join("\n  AND ", conditions);
    }

    /** The statement with the values. */
    public StatementSpec on(StatementSpec statement) {
        return statement.params(values);
    }
}
