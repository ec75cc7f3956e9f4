package io.tallyhook.benchmarks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** One connection to the application, kept alive as long as the application likes. One request at a time. */
final class Connection {

    private static final Pattern LENGTH = Pattern.compile("\r\ncontent-length: *(\\d+)\r\n");
    private static final Pattern CLOSE = Pattern.compile("\r\nconnection: *close\r\n");

    private final InetSocketAddress address;
    private final Selector selector;
    private final ByteBuffer received = ByteBuffer.allocate(16_384);
    private SocketChannel channel;
    private int request;
    private long since;

    Connection(InetSocketAddress address, Selector selector) throws IOException {
        this.address = address;
        this.selector = selector;
        this.channel = open();
    }

    private SocketChannel open() throws IOException {
        var opened = SocketChannel.open(address);
        opened.configureBlocking(false);
        opened.register(selector, SelectionKey.OP_READ, this);
        return opened;
    }

    /**
     * @param number which request it is
     * @param from when it should have been sent
     */
    void send(int number, byte[] bytes, long from) throws IOException {
        request = number;
        since = from;
        received.clear();
        var buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /** The whole answer, once it is there. An answer without a status: the connection broke. */
    Optional<Reply> receive() throws IOException {
        int read = channel.read(received);
        if (read < 0) {
            reopen();
            return Optional.of(new Reply(request, since, 0, ""));
        }
        var text = new String(received.array(), 0, received.position(), ISO_8859_1);
        int end = text.indexOf("\r\n\r\n") + 4;
        if (end < 4) {
            return Optional.empty();
        }
        var head = text.substring(0, end).toLowerCase(Locale.ROOT);
        var length = LENGTH.matcher(head);
        if (!length.find()) {
            throw new IOException("An answer without Content-Length: " + head);
        }
        if (text.length() < end + Integer.parseInt(length.group(1))) {
            return Optional.empty();
        }
        if (CLOSE.matcher(head).find()) {
            reopen();
        }
        return Optional.of(new Reply(request, since, Integer.parseInt(head.substring(9, 12)), text.substring(end)));
    }

    private void reopen() throws IOException {
        channel.close();
        channel = open();
    }

    void close() throws IOException {
        channel.close();
    }

    /** What was answered to a request. */
    record Reply(int request, long since, int status, String body) {

        boolean acknowledges() {
            return status == 200 && (body.equals("success") || body.contains("\"SUCCESS\""));
        }
    }
}
