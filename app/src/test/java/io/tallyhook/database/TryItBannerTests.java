package io.tallyhook.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.admin.Banner;
import io.tallyhook.payment.provider.LiveAccounts;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

/** What stands on every page must be true. */
class TryItBannerTests {

    private static final LiveAccounts NONE = new LiveAccounts(List.of());
    private static final LiveAccounts LIVE = new LiveAccounts(List.of("wechat/main"));

    @Test
    void theEmbeddedDatabaseIsTheTryItMode() {
        assertThat(said(new MockEnvironment(), true, NONE)).hasValue("banner.tryIt");
        assertThat(said(new MockEnvironment(), false, NONE)).hasValue("banner.tryIt");
    }

    @Test
    void nobodyIsToldThatNoRealMoneyIsMovedWhereItIs() {
        assertThat(said(new MockEnvironment(), false, LIVE)).hasValue("banner.embeddedLive");
    }

    @Test
    void aSandboxOnADatabaseOfOnesOwnSaysSo() {
        assertThat(said(ownDatabase(), true, NONE)).hasValue("banner.sandbox");
    }

    @Test
    void aRealInstallationHasNoBanner() {
        assertThat(said(ownDatabase(), false, LIVE)).isEmpty();
        assertThat(said(ownDatabase(), false, NONE)).isEmpty();
    }

    private static MockEnvironment ownDatabase() {
        return new MockEnvironment()
                .withProperty("spring.datasource.url", "jdbc:postgresql://db.example.com/tallyhook");
    }

    private static Optional<String> said(MockEnvironment environment, boolean sandbox, LiveAccounts liveAccounts) {
        return new TryItBanner(environment, sandbox, liveAccounts).notice().map(Banner.Notice::textKey);
    }
}
