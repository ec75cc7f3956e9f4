package tallyhook.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tallyhook.testing.Fault.Ending;

/** A proxy that does not do what it is told would make every test behind it worthless. */
class FaultProxyTests {

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ServerSocket echo = echo();
    private final FaultProxy proxy = new FaultProxy(echo.getLocalPort());

    private ServerSocket echo() {
        try {
            var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            threads.execute(() -> {
                while (!server.isClosed()) {
                    try {
                        var client = server.accept();
                        threads.execute(() -> repeat(client));
                    } catch (IOException over) {
                        return;
                    }
                }
            });
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void repeat(Socket client) {
        try (client) {
            client.getInputStream().transferTo(client.getOutputStream());
        } catch (IOException cut) {
            return;
        }
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        echo.close();
        threads.shutdownNow();
    }

    private Socket connected() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(US_ASCII));
    }

    private static String hear(Socket socket, int count) throws IOException {
        return new String(socket.getInputStream().readNBytes(count), US_ASCII);
    }

    @Test
    void whatIsFineArrivesBothWaysAndEndsWhenItIsClosed() throws IOException {
        try (var socket = connected()) {
            say(socket, "hello");
            assertThat(hear(socket, 5)).isEqualTo("hello");
            socket.shutdownOutput();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void whatIsLateOrSlicedArrivesAllTheSame() throws IOException {
        try (var socket = connected()) {
            proxy.toClient(new Fault.Late(Duration.ofMillis(200)));
            long began = System.nanoTime();
            say(socket, "late");
            assertThat(hear(socket, 4)).isEqualTo("late");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofMillis(150));

            proxy.both(new Fault.Sliced(1));
            say(socket, "in slices");
            assertThat(hear(socket, 9)).isEqualTo("in slices");
        }
    }

    @Test
    void whatWasStalledArrivesWhenItIsOver() throws IOException {
        try (var socket = connected()) {
            proxy.toServer(new Fault.Stalled());
            say(socket, "stalled");
            socket.setSoTimeout(300);
            assertThatThrownBy(() -> hear(socket, 7)).isInstanceOf(SocketTimeoutException.class);

            proxy.heal();
            socket.setSoTimeout(20_000);
            assertThat(hear(socket, 7)).isEqualTo("stalled");
        }
    }

    @Test
    void aBlackHoleSwallowsForEverButNewConnectionsAreFine() throws IOException {
        try (var socket = connected()) {
            say(socket, "a");
            assertThat(hear(socket, 1)).isEqualTo("a");
            proxy.both(new Fault.BlackHole());
            say(socket, "gone");
            socket.setSoTimeout(300);
            assertThatThrownBy(() -> hear(socket, 1)).isInstanceOf(SocketTimeoutException.class);

            proxy.heal();
            say(socket, "gone too");
            assertThatThrownBy(() -> hear(socket, 1)).isInstanceOf(SocketTimeoutException.class);
            try (var another = connected()) {
                say(another, "here");
                assertThat(hear(another, 4)).isEqualTo("here");
            }
        }
    }

    @Test
    void afterItsLimitAConnectionIsClosedOrReset() throws IOException {
        proxy.toClient(new Fault.Limited(3, Ending.CLOSE));
        try (var socket = connected()) {
            say(socket, "abcdef");
            assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
                    .isEqualTo("abc");
        }
        proxy.toClient(new Fault.Limited(0, Ending.RESET));
        try (var socket = connected()) {
            say(socket, "abcdef");
            assertThatThrownBy(() -> hear(socket, 1)).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void aSlowCloseIsToldLater() throws IOException {
        proxy.toClient(new Fault.SlowClose(Duration.ofMillis(300)));
        try (var socket = connected()) {
            long began = System.nanoTime();
            socket.shutdownOutput();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofMillis(250));
        }
    }

    @Test
    void allConnectionsCanBeCutAndNewOnesRefused() throws IOException {
        try (var socket = connected()) {
            say(socket, "a");
            assertThat(hear(socket, 1)).isEqualTo("a");
            proxy.cut();
            assertThatThrownBy(() -> hear(socket, 1)).isInstanceOf(SocketException.class);
        }
        proxy.refuse();
        try (var socket = connected()) {
            assertThatThrownBy(() -> {
                        say(socket, "a");
                        if (hear(socket, 1).isEmpty()) {
                            throw new SocketException("closed");
                        }
                    })
                    .isInstanceOf(SocketException.class);
        }
        proxy.heal();
        try (var socket = connected()) {
            say(socket, "a");
            assertThat(hear(socket, 1)).isEqualTo("a");
        }
    }

    @Test
    void somethingCanBeDoneWhenAWordIsSentAndBeforeTheServerHearsIt() throws IOException {
        var heard = new AtomicBoolean();
        proxy.whenSent("COMMIT", () -> {
            heard.set(true);
            proxy.toClient(new Fault.Limited(0, Ending.RESET));
        });
        try (var socket = connected()) {
            say(socket, "BEGIN");
            assertThat(hear(socket, 5)).isEqualTo("BEGIN");
            assertThat(heard).isFalse();
            say(socket, "COMMIT");
            assertThatThrownBy(() -> hear(socket, 6)).isInstanceOf(SocketException.class);
            await().untilTrue(heard);
        }
    }
}
