package io.tallyhook.database;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the embedded database lives, and whether real money may go there.
 *
 * @param dataDir holds everything that this installation keeps on disk
 */
@ConfigurationProperties("tallyhook")
record EmbeddedSettings(
        @DefaultValue("./data") Path dataDir, @DefaultValue EmbeddedDatabase embeddedDatabase) {

    /** @param acceptLive whether accounts that move real money may run on the embedded database */
    record EmbeddedDatabase(@DefaultValue("false") boolean acceptLive) {}

    Path postgresDir() {
        return dataDir.toAbsolutePath().normalize().resolve("postgres");
    }
}
