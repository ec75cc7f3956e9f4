package io.tallyhook.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallyhook.access.AccessTest;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.provider.LiveAccounts;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mock.env.MockEnvironment;

/** Play money and real money never meet in one database. */
@AccessTest
class InstallationIntegrationTests {

    private static final List<String> NOBODY = List.of();
    private static final List<String> LIVE = List.of("wechat/main");

    @Autowired
    JdbcClient jdbc;

    @Autowired
    Payments payments;

    private final MockEnvironment ownDatabase =
            new MockEnvironment().withProperty("spring.datasource.url", "jdbc:postgresql://db.example.com/tallyhook");

    @AfterEach
    void forget() {
        jdbc.sql("DELETE FROM database.mark").update();
        jdbc.sql("DELETE FROM payment.payment WHERE reference = 'O0INSTALLATION'")
                .update();
    }

    @Test
    void theSandboxMarksItsDatabaseAndAMarkedOneTakesNoLiveAccounts() {
        assertThatCode(() -> starts(NOBODY, ownDatabase, true, false)).doesNotThrowAnyException();
        assertThatCode(() -> starts(NOBODY, ownDatabase, true, false))
                .as("marked again")
                .doesNotThrowAnyException();
        assertThat(jdbc.sql("SELECT kind FROM database.mark")
                        .query(String.class)
                        .list())
                .containsExactly("SANDBOX");

        assertThatThrownBy(() -> starts(LIVE, ownDatabase, false, false))
                .isInstanceOf(UnsafeDatabase.class)
                .hasMessageContaining("play money");
        assertThatCode(() -> starts(NOBODY, ownDatabase, false, false))
                .as("without accounts nothing can be mixed")
                .doesNotThrowAnyException();
    }

    @Test
    void aDatabaseThatHoldsLivePaymentsRefusesTheSandboxAndIsNotMarked() {
        opened("P0INSTALL1", "wechat", "main");

        assertThatThrownBy(() -> starts(NOBODY, ownDatabase, true, false))
                .isInstanceOf(UnsafeDatabase.class)
                .hasMessageContaining("live payments");
        assertThat(jdbc.sql("SELECT kind FROM database.mark")
                        .query(String.class)
                        .list())
                .isEmpty();
    }

    @Test
    void theSandboxsOwnPaymentsDoNotKeepItFromStartingAgain() {
        opened("P0INSTALL2", "wechat", "sandbox");

        assertThatCode(() -> starts(NOBODY, ownDatabase, true, false)).doesNotThrowAnyException();
    }

    @Test
    void theSandboxCannotRunBesideLiveAccounts() {
        assertThatThrownBy(() -> starts(LIVE, ownDatabase, true, false))
                .isInstanceOf(UnsafeDatabase.class)
                .hasMessageContaining("wechat/main");
    }

    @Test
    void liveAccountsRunOnTheEmbeddedDatabaseOnlyIfToldSo() {
        var embedded = new MockEnvironment();
        assertThatThrownBy(() -> starts(LIVE, embedded, false, false))
                .isInstanceOfSatisfying(UnsafeDatabase.class, refused -> {
                    assertThat(refused.setting()).isEqualTo("tallyhook.embedded-database.accept-live");
                    assertThat(refused).hasMessageContaining("wechat/main");
                });

        assertThatCode(() -> starts(LIVE, embedded, false, true)).doesNotThrowAnyException();
        assertThatCode(() -> starts(LIVE, ownDatabase, false, false)).doesNotThrowAnyException();
    }

    private void starts(List<String> live, MockEnvironment environment, boolean sandbox, boolean acceptLive) {
        new Installation(jdbc, payments, new LiveAccounts(live), environment, sandbox, acceptLive)
                .afterSingletonsInstantiated();
    }

    private void opened(String outTradeNo, String provider, String account) {
        jdbc.sql("""
                        INSERT INTO payment.payment (out_trade_no, purpose, reference, user_id, shard, provider, account,
                                                     method, description, amount, currency, created_at)
                        VALUES (:number, 'GOODS', 'O0INSTALLATION', 'u', 1, :provider, :account, 'external', 'Tea', 1,
                                'CNY', now())
                        """)
                .param("number", outTradeNo)
                .param("provider", provider)
                .param("account", account)
                .update();
    }
}
