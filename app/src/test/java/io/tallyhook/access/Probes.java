package io.tallyhook.access;

import io.tallyhook.payment.RequestId;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** A clock to set, and calls of the API that do nothing but note that they ran. */
@TestConfiguration(proxyBeanMethods = false)
public class Probes {

    @Bean
    @Primary
    SettableClock settableClock() {
        return new SettableClock();
    }

    /** Registered by hand, so that contexts which do not import this class have no such calls. */
    @Bean
    Calls probeCalls(@Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping mappings)
            throws NoSuchMethodException {
        var calls = new Calls();
        mappings.registerMapping(
                RequestMappingInfo.paths("/api/v1/orders/probe/{status}")
                        .methods(RequestMethod.POST)
                        .build(),
                calls,
                Calls.class.getDeclaredMethod("post", int.class, String.class, HttpServletRequest.class));
        mappings.registerMapping(
                RequestMappingInfo.paths("/api/v1/orders/probe")
                        .methods(RequestMethod.GET, RequestMethod.PUT)
                        .build(),
                calls,
                Calls.class.getDeclaredMethod("get", HttpServletRequest.class));
        return calls;
    }

    /** What ran, and under which identity. */
    public static class Calls {

        private final List<RequestId> ran = new CopyOnWriteArrayList<>();
        private volatile CountDownLatch gate = new CountDownLatch(0);

        public List<RequestId> ran() {
            return ran;
        }

        public void forget() {
            ran.clear();
        }

        /** Lets calls wait until the latch is counted down. */
        public CountDownLatch hold() {
            gate = new CountDownLatch(1);
            return gate;
        }

        /** Answers with the status asked for, and a number that differs in each run; 599 throws. */
        ResponseEntity<String> post(
                @PathVariable int status, @RequestBody(required = false) String body, HttpServletRequest request)
                throws InterruptedException {
            ran.add((RequestId) request.getAttribute(RequestId.ATTRIBUTE));
            if (!gate.await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("Nobody opened the gate");
            }
            if (status == 599) {
                throw new IllegalStateException("as asked");
            }
            return ResponseEntity.status(status)
                    .location(URI.create("/api/v1/orders/probe/" + ran.size()))
                    .header("Content-Type", "application/json")
                    .body("{\"run\": %d, \"text\": \"钩\", \"length\": %d}"
                            .formatted(ran.size(), body == null ? 0 : body.length()));
        }

        ResponseEntity<String> get(HttpServletRequest request) {
            return ResponseEntity.ok(String.valueOf(request.isUserInRole("callbacks:raw")));
        }
    }
}
