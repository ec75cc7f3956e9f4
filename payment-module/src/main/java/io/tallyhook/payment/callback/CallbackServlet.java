package io.tallyhook.payment.callback;

import io.tallyhook.payment.RequestId;
import io.tallyhook.payment.provider.Answer;
import io.tallyhook.payment.provider.CallbackProtocol;
import io.tallyhook.payment.provider.Delivery;
import io.tallyhook.payment.provider.Reply;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** {@code POST /callbacks/{provider}/{account}}: from HTTP to a delivery, and from a reply to HTTP. */
@Component
class CallbackServlet extends HttpServlet {

    private static final Logger log = LoggerFactory.getLogger(CallbackServlet.class);

    /** Kept beside what the provider's verification needs: they help people to find a delivery again. */
    private static final List<String> ALWAYS_KEPT = List.of("content-type", "user-agent", "request-id");

    private static final int LONGEST_HEADER = 2048;

    private final transient ReceiveCallback receive;
    private final transient Protocols protocols;
    private final transient CallbackCounts counts;
    private final transient CallbackSettings settings;
    private final transient Clock clock;

    CallbackServlet(
            ReceiveCallback receive,
            Protocols protocols,
            CallbackCounts counts,
            CallbackSettings settings,
            Clock clock) {
        this.receive = receive;
        this.protocols = protocols;
        this.counts = counts;
        this.settings = settings;
        this.clock = clock;
    }

    /** Nothing but POST, also no OPTIONS. */
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!request.getMethod().equals("POST")) {
            response.setHeader("Allow", "POST");
            send(response, Reply.of(405, "text/plain;charset=utf-8", "Callbacks are sent by POST."));
            return;
        }
        take(request, response);
    }

    private void take(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var address = CallbackAddress.parse(request.getPathInfo());
        var protocol = address.flatMap(protocols::find);
        if (protocol.isEmpty()) {
            counts.count("unknown", "unknown", "UNKNOWN_ADDRESS");
            send(response, Reply.of(404, "text/plain;charset=utf-8", "No such callback address."));
            return;
        }
        var account = address.orElseThrow().account();
        try {
            var body = new BoundedBody(settings.maxBody(), settings.bodyWithin())
                    .read(request.getInputStream(), request.getContentLengthLong());
            send(response, receive.receive(protocol.get(), delivery(request, protocol.get(), account, body)));
        } catch (BoundedBody.TooLarge e) {
            refuse(response, protocol.get(), account, 413, "BODY_TOO_LARGE");
        } catch (BoundedBody.TooSlow | SocketTimeoutException e) {
            refuse(response, protocol.get(), account, 408, "BODY_TOO_SLOW");
        } catch (RuntimeException e) {
            log.error("A delivery of {}/{} could not be taken", protocol.get().provider(), account, e);
            send(response, protocol.get().reply(Answer.OUR_FAULT));
        }
    }

    private Delivery delivery(HttpServletRequest request, CallbackProtocol protocol, String account, byte[] body) {
        return new Delivery(
                RequestId.fresh(clock).value(),
                clock.instant().truncatedTo(ChronoUnit.MICROS),
                protocol.provider(),
                account,
                headers(request, protocol),
                body);
    }

    private static Map<String, String> headers(HttpServletRequest request, CallbackProtocol protocol) {
        var headers = new HashMap<String, String>();
        for (var name : protocol.headers()) {
            keep(headers, name, request.getHeader(name));
        }
        for (var name : ALWAYS_KEPT) {
            keep(headers, name, request.getHeader(name));
        }
        return headers;
    }

    private static void keep(Map<String, String> headers, String name, @Nullable String value) {
        if (value != null && value.length() <= LONGEST_HEADER) {
            headers.put(name, value.replace("\0", ""));
        }
    }

    private void refuse(
            HttpServletResponse response, CallbackProtocol protocol, String account, int status, String reason)
            throws IOException {
        counts.count(protocol.provider(), account, reason);
        // The rest of the body is not read: the connection cannot be used again.
        response.setHeader("Connection", "close");
        send(response, Reply.of(status, "text/plain;charset=utf-8", "The body is too large or came too slowly."));
    }

    private static void send(HttpServletResponse response, Reply reply) throws IOException {
        response.setStatus(reply.status());
        response.setContentType(reply.contentType());
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setContentLength(reply.body().length);
        response.getOutputStream().write(reply.body());
    }

    /** The two names in a callback address. */
    record CallbackAddress(String provider, String account) {

        /** One slash more at the end is forgiven: it is often typed into a provider's console. */
        static Optional<CallbackAddress> parse(@Nullable String path) {
            if (path == null) {
                return Optional.empty();
            }
            var parts = path.split("/", -1);
            boolean plain = parts.length == 3;
            boolean slashAtEnd = parts.length == 4 && parts[3].isEmpty();
            return plain || slashAtEnd ? Optional.of(new CallbackAddress(parts[1], parts[2])) : Optional.empty();
        }
    }
}
