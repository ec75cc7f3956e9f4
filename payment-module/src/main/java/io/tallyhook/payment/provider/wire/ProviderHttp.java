package io.tallyhook.payment.provider.wire;

import io.tallyhook.payment.provider.PaymentGateway.ProviderUnclear;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Optional;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/**
 * Calls a provider within bounds: time to connect, time for the whole answer, size of the answer, no redirects, no
 * repeats. Anything but a complete answer is {@link ProviderUnclear}.
 */
@Component
public final class ProviderHttp implements DisposableBean {

    private static final Duration TO_CONNECT = Duration.ofSeconds(2);
    private static final Duration TO_ANSWER = Duration.ofSeconds(5);
    private static final int LARGEST_ANSWER = 1 << 20;

    private final HttpClient client;
    private final RestClient rest;

    @Autowired
    public ProviderHttp() {
        this(TO_CONNECT, TO_ANSWER);
    }

    /** @param toAnswer bounds the whole call, from its start to the last byte of the answer */
    public ProviderHttp(Duration toConnect, Duration toAnswer) {
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(toConnect)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        var factory = new JdkClientHttpRequestFactory(client);
        factory.setReadTimeout(toAnswer);
        // What is signed is what was sent.
        factory.enableCompression(false);
        this.rest = RestClient.builder().requestFactory(factory).build();
    }

    /**
     * @param uri sent as it is
     * @param body absent for GET
     * @throws ProviderUnclear unless the provider answered completely, whatever the status
     */
    public Answer exchange(HttpMethod method, URI uri, HttpHeaders headers, Optional<byte[]> body) {
        try {
            var request = rest.method(method).uri(uri).headers(all -> all.putAll(headers));
            body.ifPresent(request::body);
            return request.exchangeForRequiredValue((sent, answer) -> read(answer));
        } catch (RestClientException unreachable) {
            // Not the exception's own words, which quote the whole address with its parameters.
            throw new ProviderUnclear("no complete answer from " + uri.getHost(), unreachable);
        }
    }

    private static Answer read(ClientHttpResponse answer) throws IOException {
        var body = answer.getBody().readNBytes(LARGEST_ANSWER + 1);
        if (body.length > LARGEST_ANSWER) {
            throw new ProviderUnclear("the answer is larger than 1 MiB", null);
        }
        return new Answer(answer.getStatusCode().value(), answer.getHeaders(), body);
    }

    @Override
    public void destroy() {
        client.shutdownNow();
    }

    /** A complete answer, proved by nobody yet. */
    public record Answer(int status, HttpHeaders headers, byte[] body) {

        public boolean isSuccess() {
            return status / 100 == 2;
        }

        /** The value of a header in any case of letters. */
        public Optional<String> header(String name) {
            return Optional.ofNullable(headers.getFirst(name));
        }
    }
}
