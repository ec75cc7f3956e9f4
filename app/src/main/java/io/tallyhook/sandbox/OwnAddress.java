package io.tallyhook.sandbox;

import java.net.URI;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;

/** Where this application is reached: by payers and providers, and by the sandbox shop itself. */
public final class OwnAddress implements ApplicationListener<WebServerInitializedEvent> {

    private final String publicUrl;
    private final String host;
    private volatile int port;

    OwnAddress(String publicUrl, String serverAddress, int port) {
        this.publicUrl = publicUrl.replaceFirst("/+$", "");
        this.host = serverAddress.isEmpty() || serverAddress.equals("0.0.0.0") || serverAddress.contains(":")
                ? "localhost"
                : serverAddress;
        this.port = port;
    }

    /** An address for others; on this machine's own when no public one is configured. */
    public URI publicUrl(String path) {
        return URI.create(publicUrl.isEmpty() ? "http://localhost:%d%s".formatted(port, path) : publicUrl + path);
    }

    /** An address for this process itself, whatever stands before it. */
    public URI local(String path) {
        return URI.create("http://%s:%d%s".formatted(host, port, path));
    }

    /** The port may have been any free one; management has another server, which is not ours. */
    @Override
    public void onApplicationEvent(WebServerInitializedEvent event) {
        if (event.getApplicationContext().getServerNamespace() == null) {
            port = event.getWebServer().getPort();
        }
    }
}
