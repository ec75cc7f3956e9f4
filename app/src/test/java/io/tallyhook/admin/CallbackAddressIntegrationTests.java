package io.tallyhook.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.SQLException;
import java.util.Locale;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The address of callbacks in the whole application: nothing of the pages' doing stands before it. */
@AdminTest
class CallbackAddressIntegrationTests {

    private static final String ADDRESS = "/callbacks/wechat/main";

    private final HttpClient http = HttpClient.newHttpClient();
    private final ServletContext servlets;
    private final JdbcClient jdbc;
    private final DataSource connections;
    private final Day day;

    CallbackAddressIntegrationTests(ServletContext servlets, JdbcClient jdbc, DataSource connections, Day day) {
        this.servlets = servlets;
        this.jdbc = jdbc;
        this.connections = connections;
        this.day = day;
    }

    /** But one of the server's own, which only asks whether somebody wants to speak WebSocket. */
    @Test
    void noFilterStandsBeforeACallback() {
        var filters = servlets.getFilterRegistrations().values().stream()
                .filter(filter -> !filter.getClassName().startsWith("org.apache.tomcat.websocket"))
                .toList();

        assertThat(filters).hasSizeGreaterThanOrEqualTo(6).allSatisfy(filter -> {
            assertThat(filter.getUrlPatternMappings()).as(filter.getName()).isEmpty();
            assertThat(filter.getServletNameMappings())
                    .as(filter.getName())
                    .isNotEmpty()
                    .doesNotContain("callbacks");
        });
    }

    @Test
    void aCallbackNeedsNoCookieNoTokenAndLeavesNoSession() throws Exception {
        long before = sessions();

        var answer = send("POST", ADDRESS);

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).startsWith("{\"code\":\"FAIL\"");
        assertThat(answer.headers().map().keySet().stream().map(name -> name.toLowerCase(Locale.ROOT)))
                .contains("x-content-type-options")
                .doesNotContain("set-cookie", "location", "content-security-policy");
        assertThat(sessions()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"})
    void nothingButPostReachesACallback(String method) throws Exception {
        var answer = send(method, ADDRESS);

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).hasValue("POST");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/callbacks",
                "/callbacks/",
                "/callbacks/wechat",
                "/callbacks/wechat/main/more",
                "/callbacks/none/main"
            })
    void whatIsBelowTheAddressIsNobodysPage(String path) throws Exception {
        assertThat(send("POST", path).statusCode()).isEqualTo(404);
    }

    @Test
    void anAddressIsTakenLiterally() throws Exception {
        assertThat(send("POST", "/Callbacks/wechat/main").statusCode()).isEqualTo(404);
        assertThat(send("POST", "/admin/../callbacks;x/none/main").statusCode()).isEqualTo(404);
    }

    /** Whatever the database's own default is. */
    @Test
    void bookingsAreReadCommittedByTheirConnection() throws SQLException {
        assertThat(connections.unwrap(HikariDataSource.class).getTransactionIsolation())
                .isEqualTo("TRANSACTION_READ_COMMITTED");
    }

    private HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + day.port() + path))
                .method(method, method.equals("POST") ? BodyPublishers.ofString("{}") : BodyPublishers.noBody());
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private long sessions() {
        return jdbc.sql("SELECT count(*) FROM access.session").query(Long.class).single();
    }
}
