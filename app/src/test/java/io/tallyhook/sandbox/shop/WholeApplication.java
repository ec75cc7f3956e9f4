package io.tallyhook.sandbox.shop;

import io.tallyhook.TallyhookApplication;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.Random;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tallyhook.testing.FreshDatabase;
import tallyhook.testing.TwoRoles;

/** The whole application with its sandbox on a port, in two roles as for real, once for all tests that need it. */
@SpringBootTest(
        classes = TallyhookApplication.class,
        webEnvironment = SpringBootTest.WebEnvironment.DEFINED_PORT,
        properties = {
            "tallyhook.sandbox.enabled=true",
            "tallyhook.data-dir=target/shop-data",
            // What is parked stays so until a test says that a person had the time to be faster.
            "tallyhook.policies.after=1d",
            "tallyhook.inspection.every=5s",
            // What waits for a sweep waits a second, not the five or ten of a shop.
            "tallyhook.policies.sweep-every=1s",
            "tallyhook.refunds.sweep-every=1s",
            "tallyhook.refunds.first-gap=3s",
            "tallyhook.admin.username=ming",
            "tallyhook.admin.password=" + WholeApplication.PASSWORD
        })
@ContextConfiguration(initializers = {FreshDatabase.class, TwoRoles.class})
abstract class WholeApplication {

    static final String PASSWORD = "a-long-enough-passphrase";

    /** Known before the start, since the simulated payer's page has it in its addresses. */
    static final int PORT = freePort();

    @DynamicPropertySource
    static void address(DynamicPropertyRegistry properties) {
        properties.add("server.port", () -> PORT);
        properties.add("server.address", () -> "127.0.0.1");
        properties.add("tallyhook.public-url", () -> "http://127.0.0.1:" + PORT);
    }

    /** Below those that systems hand out by chance: until the server starts, nobody takes it for something else. */
    private static int freePort() {
        var candidates = new Random().ints(20_000, 32_000).limit(100);
        return candidates.filter(WholeApplication::isFree).findFirst().orElseThrow();
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
