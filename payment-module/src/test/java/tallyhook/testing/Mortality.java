package tallyhook.testing;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * Kills the process at any point at which something outside of it changes: before or after a commit that writes, and before or
 * after a call. Who is dead reaches neither the database nor anybody else, and what it had open there is rolled back, until it
 * {@link #restarts}. Jobs of the scheduler are no points, since they run whenever they are due.
 */
public class Mortality implements BeanPostProcessor {

    private static final Pattern WRITES =
            Pattern.compile("\\b(insert\\s+into|update|delete\\s+from)\\s+([\\w.]+)", Pattern.CASE_INSENSITIVE);
    private static final Pattern LOCKS = Pattern.compile("for\\s+(no\\s+key\\s+)?update", Pattern.CASE_INSENSITIVE);
    private static final Pattern SCHEDULER = Pattern.compile("scheduling-\\d+");

    private final List<String> passed = new ArrayList<>();
    private int fatal;
    private Moment moment = Moment.BEFORE;
    private boolean armed;
    private boolean dead;
    private int life;

    /** On which side of a point. */
    public enum Moment {
        BEFORE,
        AFTER
    }

    /** Nobody handles it. */
    private static final class Dead extends Error {

        Dead() {
            super("the process is dead", null, false, false);
        }
    }

    /** What changes something outside. */
    @FunctionalInterface
    public interface Deed<T extends @Nullable Object> {

        T done() throws Throwable;
    }

    /** Threads that die say nothing, unless of something else. */
    public static void theDeadAreSilent() {
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> {
            if (!(e instanceof Dead)) {
                System.err.printf("%s died: %s%n", thread.getName(), e);
            }
        });
    }

    /** From now on points are counted, and this one is fatal. */
    public synchronized void dies(int at, Moment when) {
        passed.clear();
        fatal = at;
        moment = when;
        armed = true;
    }

    public synchronized boolean hasStruck() {
        return dead;
    }

    /** The next life; connections of the last one are gone. @return the points that were passed, in order */
    public synchronized List<String> restarts() {
        armed = false;
        dead = false;
        life++;
        return List.copyOf(passed);
    }

    /** A point. */
    public <T extends @Nullable Object> T point(String what, Deed<T> deed) throws Throwable {
        if (strikes(what, Moment.BEFORE)) {
            throw new Dead();
        }
        var result = deed.done();
        if (strikes(what, Moment.AFTER)) {
            throw new Dead();
        }
        return result;
    }

    private synchronized boolean strikes(String what, Moment when) {
        if (dead) {
            return true;
        }
        if (!armed || SCHEDULER.matcher(Thread.currentThread().getName()).matches()) {
            return false;
        }
        if (when == Moment.BEFORE) {
            passed.add(what);
        }
        dead = when == moment && passed.size() == fatal;
        return dead;
    }

    private synchronized boolean isOver(int ofLife) {
        return dead || life != ofLife;
    }

    private synchronized int life() {
        return life;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (!(bean instanceof DataSource source)) {
            return bean;
        }
        return proxy(DataSource.class, (method, args) -> {
            boolean connects = method.getName().equals("getConnection");
            if (connects && isOver(life())) {
                throw gone();
            }
            var result = invoke(method, source, args);
            return connects ? new Line((Connection) Objects.requireNonNull(result)).open() : result;
        });
    }

    /** A connection of one life. */
    private final class Line {

        private final Connection connection;
        private final int ofLife = life();
        private @Nullable String written;

        Line(Connection connection) {
            this.connection = connection;
        }

        Connection open() {
            return proxy(Connection.class, this::call);
        }

        private @Nullable Object call(Method method, Object @Nullable [] args) throws Throwable {
            var name = method.getName();
            if (name.equals("close") || name.equals("rollback") && args == null) {
                written = null;
                return invoke(method, connection, args);
            }
            requireLife();
            if (name.equals("commit")) {
                return committed(method);
            }
            var result = invoke(method, connection, args);
            if (result == null || !name.toLowerCase(Locale.ROOT).endsWith("statement")) {
                return result;
            }
            return statement(method.getReturnType(), result, args);
        }

        private @Nullable Object committed(Method commit) throws Throwable {
            var what = written;
            written = null;
            return what == null
                    ? invoke(commit, connection, null)
                    : point(what, () -> invoke(commit, connection, null));
        }

        private Object statement(Class<?> type, Object statement, Object @Nullable [] prepared) {
            var sql = prepared == null ? "" : String.valueOf(prepared[0]);
            return proxy(type, (method, args) -> {
                if (!method.getName().startsWith("execute")) {
                    return invoke(method, statement, args);
                }
                requireLife();
                return executed(
                        args != null && args[0] instanceof String text ? text : sql,
                        () -> invoke(method, statement, args));
            });
        }

        private @Nullable Object executed(String sql, Deed<@Nullable Object> execute) throws Throwable {
            var writing = WRITES.matcher(LOCKS.matcher(sql).replaceAll(""));
            if (!writing.find()) {
                return execute.done();
            }
            var what = "%s %s".formatted(writing.group(1).split("\\s")[0].toUpperCase(Locale.ROOT), writing.group(2));
            if (connection.getAutoCommit()) {
                return point(what, execute);
            }
            written = written == null ? what : written;
            return execute.done();
        }

        private void requireLife() throws SQLException {
            if (isOver(ofLife)) {
                throw gone();
            }
        }
    }

    private static SQLException gone() {
        return new SQLException("the process is dead", "08006");
    }

    private static @Nullable Object invoke(Method method, Object target, Object @Nullable [] args) throws Throwable {
        try {
            return method.invoke(target, args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** What is done instead of a call. */
    private interface Calls {

        @Nullable
        Object called(Method method, Object @Nullable [] args) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, Calls calls) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> calls.called(method, args)));
    }
}
