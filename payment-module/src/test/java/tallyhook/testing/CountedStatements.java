package tallyhook.testing;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * Listens to what is sent to the database: {@code @Import(CountedStatements.class)}. A commit counts like a statement, since it
 * is a trip to the database too, and so does asking for the isolation. What the scheduler's own threads send is left out: its
 * jobs run whenever they are due, whatever is counted meanwhile.
 */
public class CountedStatements implements BeanPostProcessor {

    private static final String SCHEDULED = "scheduling-";

    private final List<String> sent = new CopyOnWriteArrayList<>();

    /** What was sent while this ran, in the order of sending, by whatever thread but the scheduler's. */
    public List<String> during(Runnable something) {
        sent.clear();
        something.run();
        return List.copyOf(sent);
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        return bean instanceof DataSource source ? listening(DataSource.class, source, "") : bean;
    }

    private <T> T listening(Class<T> type, T target, String sql) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            if (method.getName().startsWith("execute")) {
                heard(args != null && args[0] instanceof String text ? text : sql);
            } else if (method.getName().equals("commit")) {
                heard("COMMIT");
            } else if (method.getName().endsWith("TransactionIsolation")) {
                heard("SHOW TRANSACTION ISOLATION LEVEL");
            }
            try {
                var result = method.invoke(target, args);
                if (result instanceof Connection connection) {
                    return listening(Connection.class, connection, "");
                }
                if (result != null
                        && target instanceof Connection
                        && method.getReturnType().getSimpleName().endsWith("Statement")) {
                    return listeningStatement(
                            method.getReturnType(), result, args == null ? "" : String.valueOf(args[0]));
                }
                return result;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }

    private void heard(String sql) {
        if (!Thread.currentThread().getName().startsWith(SCHEDULED)) {
            sent.add(sql);
        }
    }

    private <T> Object listeningStatement(Class<T> type, Object statement, String sql) {
        return listening(type, type.cast(statement), sql);
    }
}
