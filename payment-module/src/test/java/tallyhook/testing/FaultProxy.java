package tallyhook.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A network of which a test decides how bad it is: passes TCP on to a server on loopback, each direction with its own {@link
 * Fault}, which can change at any time and then holds for open connections too.
 */
public final class FaultProxy implements AutoCloseable {

    private final InetSocketAddress server;
    private final ServerSocket door;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final AtomicReference<Optional<Watched>> watched = new AtomicReference<>(Optional.empty());
    private Fault toServer = new Fault.Fine();
    private Fault toClient = new Fault.Fine();
    private volatile boolean refusing;
    private volatile boolean closed;

    private record Watched(String text, Runnable then) {}

    /** @param port of the server on loopback */
    public FaultProxy(int port) {
        server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        try {
            door = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    /** Where to connect instead of to the server. */
    public int port() {
        return door.getLocalPort();
    }

    public void both(Fault fault) {
        change(fault, fault);
    }

    public void toServer(Fault fault) {
        change(fault, toClient());
    }

    public void toClient(Fault fault) {
        change(toServer(), fault);
    }

    /** As new; who is in a black hole stays there. */
    public void heal() {
        refusing = false;
        both(new Fault.Fine());
    }

    /** New connections are reset at once; open ones go on. */
    public void refuse() {
        refusing = true;
    }

    /** Resets every open connection. */
    public void cut() {
        links.forEach(link -> link.end(Fault.Ending.RESET));
    }

    /** Does something once, when a client has sent this text and before the server sees it. */
    public void whenSent(String text, Runnable then) {
        watched.set(Optional.of(new Watched(text, then)));
    }

    private synchronized void change(Fault toServerNow, Fault toClientNow) {
        toServer = toServerNow;
        toClient = toClientNow;
        notifyAll();
    }

    synchronized Fault toServer() {
        return toServer;
    }

    synchronized Fault toClient() {
        return toClient;
    }

    /** Until the faults change, or so long; not after the end. */
    synchronized void pause(long millis) throws InterruptedException {
        if (!closed) {
            wait(millis);
        }
    }

    boolean isClosed() {
        return closed;
    }

    void sent(byte[] bytes, int length) {
        var one = watched.get();
        if (one.isPresent()
                && new String(bytes, 0, length, StandardCharsets.ISO_8859_1)
                        .contains(one.get().text())
                && watched.compareAndSet(one, Optional.empty())) {
            one.get().then().run();
        }
    }

    private void accept() {
        while (!closed) {
            try {
                var client = door.accept();
                if (refusing) {
                    Link.end(client, Fault.Ending.RESET);
                } else {
                    open(client);
                }
            } catch (IOException over) {
                if (!closed) {
                    throw new UncheckedIOException(over);
                }
            }
        }
    }

    private void open(Socket client) throws IOException {
        var upstream = new Socket();
        try {
            upstream.connect(server);
        } catch (IOException nobodyThere) {
            Link.end(client, Fault.Ending.RESET);
            return;
        }
        var link = new Link(this, client, upstream);
        links.add(link);
        threads.execute(() -> link.pass(client, upstream, this::toServer, true));
        threads.execute(() -> {
            link.pass(upstream, client, this::toClient, false);
            links.remove(link);
        });
    }

    @Override
    public void close() {
        closed = true;
        try {
            door.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
        change(new Fault.Fine(), new Fault.Fine());
        threads.shutdownNow();
    }
}
