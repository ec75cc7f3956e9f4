package io.tallyhook.database;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** On which port the embedded server of a folder runs. The same at every start, so that a survivor can be found again. */
record ServerPort(Path folder) {

    private static final Logger log = LoggerFactory.getLogger(ServerPort.class);

    /** The one this folder always had, if it is free; else a free one. */
    int toStartOn() {
        var file = folder.resolve("port");
        var kept = PrivateFiles.read(file).map(Integer::valueOf);
        if (kept.isPresent() && isFree(kept.get())) {
            return kept.get();
        }
        int free = anyFree();
        PrivateFiles.write(file, Integer.toString(free));
        return free;
    }

    /** Where a server that survived its application should be: the fourth line of PostgreSQL's own pid file. */
    Optional<Integer> ofSurvivor() {
        return PrivateFiles.read(folder.resolve("data/postmaster.pid"))
                .map(text -> text.lines().toList())
                .filter(lines -> lines.size() > 3)
                .map(lines -> Integer.valueOf(lines.get(3).strip()));
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            log.debug("Port {} is taken", port, e);
            return false;
        }
    }

    private static int anyFree() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException("No free port for the embedded PostgreSQL", e);
        }
    }
}
