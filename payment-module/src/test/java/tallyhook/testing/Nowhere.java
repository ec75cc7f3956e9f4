package tallyhook.testing;

import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** What stands in for a database where a test keeps everything in memory: whoever asks it after all is told so at once. */
public final class Nowhere {

    private static final JdbcClient JDBC = JdbcClient.create(new DriverManagerDataSource());

    private Nowhere() {}

    public static JdbcClient jdbc() {
        return JDBC;
    }

    /** These beans, and no others. */
    public static <T> ObjectProvider<T> beans(List<T> beans) {
        return new ObjectProvider<>() {
            @Override
            public T getObject() {
                return beans.getFirst();
            }

            @Override
            public Iterator<T> iterator() {
                return beans.iterator();
            }

            @Override
            public Stream<T> stream() {
                return beans.stream();
            }
        };
    }
}
