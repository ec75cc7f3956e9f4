package io.tallyhook.database;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import tallyhook.testing.FreshDatabase;

/** A database that may forget what it has acknowledged is refused, with the name of what is wrong. */
class SafeDatabaseIntegrationTests {

    @Test
    void aDatabaseThatKeepsWhatItAcknowledgesIsTaken() {
        var safe = new SafeDatabase(at(FreshDatabase.create(), "on"));

        assertThatCode(safe::afterPropertiesSet).doesNotThrowAnyException();
    }

    @Test
    void synchronousCommitOffIsRefused() {
        assertRefused(at(FreshDatabase.create(), "off"), "synchronous_commit");
    }

    /** The embedded server as its library starts it. */
    @Test
    void fsyncOffIsRefused() throws IOException {
        try (var forgetful =
                EmbeddedPostgres.builder().setServerConfig("fsync", "off").start()) {
            assertRefused(at(forgetful.getJdbcUrl("postgres", "postgres"), "on"), "fsync");
        }
    }

    private static void assertRefused(DataSource database, String setting) {
        assertThatThrownBy(() -> new SafeDatabase(database).afterPropertiesSet())
                .isInstanceOf(UnsafeDatabase.class)
                .hasMessageContaining(setting + " = off");
    }

    private static DataSource at(String url, String synchronousCommit) {
        var database = new PGSimpleDataSource();
        database.setUrl(url);
        database.setUser("postgres");
        database.setPassword("postgres");
        database.setOptions("-c synchronous_commit=" + synchronousCommit);
        return database;
    }
}
