package tallyhook.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One connection through a {@link FaultProxy}: two directions, which end together when they are cut. */
final class Link {

    private final FaultProxy network;
    private final Socket client;
    private final Socket server;
    private volatile boolean forgotten;

    /** How much of a limited direction has arrived since it is limited. */
    private static final class Limit {

        private Fault.@Nullable Limited limited;
        private long arrived;

        /** How much of so much may still arrive. */
        int take(Fault.Limited now, int length) {
            if (!now.equals(limited)) {
                limited = now;
                arrived = 0;
            }
            int some = (int) Math.min(now.bytes() - arrived, length);
            arrived += some;
            return some;
        }

        boolean reached(Fault.Limited now) {
            return arrived >= now.bytes();
        }
    }

    Link(FaultProxy network, Socket client, Socket server) throws IOException {
        this.network = network;
        this.client = client;
        this.server = server;
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
    }

    /** Passes one direction on until it ends. */
    void pass(Socket from, Socket to, Supplier<Fault> fault, boolean watched) {
        var bytes = new byte[16_384];
        var limit = new Limit();
        try {
            for (int read; (read = from.getInputStream().read(bytes)) >= 0; ) {
                if (watched) {
                    network.sent(bytes, read);
                }
                pass(bytes, read, to.getOutputStream(), fault, limit);
            }
            if (fault.get() instanceof Fault.SlowClose slow) {
                network.pause(slow.by().toMillis());
            }
            if (!forgotten) {
                to.shutdownOutput();
            }
        } catch (IOException cut) {
            end(Fault.Ending.RESET);
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
            end(Fault.Ending.RESET);
        }
    }

    private void pass(byte[] bytes, int length, OutputStream out, Supplier<Fault> fault, Limit limit)
            throws IOException, InterruptedException {
        while (fault.get() instanceof Fault.Stalled && !network.isClosed()) {
            network.pause(1_000);
        }
        switch (fault.get()) {
            case Fault.Late late -> {
                network.pause(late.by().toMillis());
                write(bytes, 0, length, out);
            }
            case Fault.Sliced sliced -> {
                for (int from = 0; from < length; from += sliced.bytes()) {
                    write(bytes, from, Math.min(sliced.bytes(), length - from), out);
                }
            }
            case Fault.BlackHole hole -> forgotten = true;
            case Fault.Limited limited -> {
                write(bytes, 0, limit.take(limited, length), out);
                if (limit.reached(limited)) {
                    end(limited.ending());
                }
            }
            case Fault.Fine fine -> write(bytes, 0, length, out);
            case Fault.Stalled over -> write(bytes, 0, length, out);
            case Fault.SlowClose laterAtTheEnd -> write(bytes, 0, length, out);
        }
    }

    private void write(byte[] bytes, int from, int length, OutputStream out) throws IOException {
        if (!forgotten) {
            out.write(bytes, from, length);
            out.flush();
        }
    }

    void end(Fault.Ending ending) {
        end(client, ending);
        end(server, ending);
    }

    static void end(Socket socket, Fault.Ending ending) {
        try {
            if (ending == Fault.Ending.RESET && !socket.isClosed()) {
                socket.setSoLinger(true, 0);
            }
            socket.close();
        } catch (IOException over) {
            // The other direction was faster.
            return;
        }
    }
}
