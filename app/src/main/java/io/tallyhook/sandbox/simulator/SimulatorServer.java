package io.tallyhook.sandbox.simulator;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;
import org.springframework.util.FileSystemUtils;

/**
 * The web server of the simulated providers: a Tomcat of its own on the loopback address, so that the application calls
 * them over HTTP like the real ones, and header names keep their case.
 */
final class SimulatorServer implements AutoCloseable {

    private static final int MOST_REQUEST_BYTES = 256 * 1024;

    private final Tomcat tomcat = new Tomcat();
    private final Connector connector = new Connector();
    private final Path folder = temporaryFolder();

    /** Starts it. @param port 0 for any that is free */
    SimulatorServer(int port, WeChatApi weChat, AlipayGateway alipay) {
        try {
            tomcat.setBaseDir(folder.toString());
            tomcat.setSilent(true);
            connector.setPort(port);
            connector.setProperty("address", "127.0.0.1");
            connector.setProperty("connectionTimeout", "5000");
            connector.setProperty("maxThreads", "20");
            tomcat.setConnector(connector);
            var context = tomcat.addContext("", null);
            if (context instanceof StandardContext standard) {
                // These look for leaks of redeployed web applications, need opened JDK packages, and warn without them.
                standard.setClearReferencesThreadLocals(false);
                standard.setClearReferencesRmiTargets(false);
            }
            Tomcat.addServlet(context, "providers", new Providers(weChat, alipay))
                    .addMapping("/");
            tomcat.start();
        } catch (LifecycleException e) {
            throw new IllegalStateException("The provider simulator cannot listen on 127.0.0.1:" + port, e);
        }
        if (connector.getLocalPort() <= 0) {
            close();
            throw new IllegalStateException(
                    "The provider simulator cannot listen on 127.0.0.1:%d; is the port in use? Set tallyhook.sandbox.port"
                            .formatted(port));
        }
    }

    URI baseUrl() {
        return URI.create("http://127.0.0.1:" + connector.getLocalPort());
    }

    @Override
    public void close() {
        try {
            tomcat.stop();
            tomcat.destroy();
            FileSystemUtils.deleteRecursively(folder);
        } catch (LifecycleException | IOException e) {
            throw new IllegalStateException("The provider simulator does not stop", e);
        }
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("tallyhook-sandbox");
        } catch (IOException e) {
            throw new UncheckedIOException("The provider simulator needs a temporary folder", e);
        }
    }

    private static final class Providers extends HttpServlet {

        private final transient WeChatApi weChat;
        private final transient AlipayGateway alipay;

        Providers(WeChatApi weChat, AlipayGateway alipay) {
            this.weChat = weChat;
            this.alipay = alipay;
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            var body = request.getInputStream().readNBytes(MOST_REQUEST_BYTES + 1);
            if (body.length > MOST_REQUEST_BYTES) {
                response.setStatus(413);
                return;
            }
            var path = request.getRequestURI();
            if (path.startsWith("/v3/")) {
                write(weChat.answer(read(request, body)), response);
            } else if (path.equals("/gateway.do")) {
                write(alipay.answer(read(request, body)), response);
            } else {
                response.setStatus(404);
            }
        }

        private static ApiRequest read(HttpServletRequest request, byte[] body) {
            var query = request.getQueryString();
            var headers = Collections.list(request.getHeaderNames()).stream()
                    .collect(Collectors.toMap(
                            name -> name.toLowerCase(Locale.ROOT), request::getHeader, (first, second) -> first));
            var target = request.getRequestURI() + (query == null ? "" : "?" + query);
            return new ApiRequest(request.getMethod(), target, headers, body);
        }

        private static void write(ApiAnswer answer, HttpServletResponse response) throws IOException {
            response.setStatus(answer.status());
            answer.headers().forEach(response::setHeader);
            if (answer.body().length > 0) {
                response.setContentLength(answer.body().length);
                response.getOutputStream().write(answer.body());
            }
        }
    }
}
