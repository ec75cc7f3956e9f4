package io.tallyhook.sandbox.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxKeysTests {

    @TempDir
    Path data;

    @Test
    void areTheSameAfterARestartBecausePaymentsOfYesterdayMustStillVerify() {
        var first = SandboxKeys.in(SandboxFolder.in(data));
        var second = SandboxKeys.in(SandboxFolder.in(data));
        assertThat(second.weChatPlatform().getPrivate())
                .isEqualTo(first.weChatPlatform().getPrivate());
        assertThat(second.alipay().getPublic()).isEqualTo(first.alipay().getPublic());
        assertThat(second.weChatApiV3Key()).isEqualTo(first.weChatApiV3Key()).hasSize(32);
        assertThat(second.weChatMerchantSerial())
                .isEqualTo(first.weChatMerchantSerial())
                .matches("[0-9A-F]{40}");
        assertThat(SandboxFolder.in(data).apiKey())
                .isEqualTo(SandboxFolder.in(data).apiKey());
    }

    @Test
    void giveEachSideAPairOfItsOwn() {
        var keys = SandboxKeys.in(SandboxFolder.in(data));
        assertThat(java.util.Set.of(
                        keys.weChatMerchant().getPublic(),
                        keys.weChatPlatform().getPublic(),
                        keys.alipayApp().getPublic(),
                        keys.alipay().getPublic()))
                .hasSize(4);
    }

    @Test
    void canBeReadByNobodyElse() throws IOException {
        SandboxKeys.in(SandboxFolder.in(data));
        var key = SandboxFolder.in(data).apiKey();
        assertThat(key).hasSizeGreaterThanOrEqualTo(32);
        var folder = data.resolve("sandbox");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
        try (var files = Files.list(folder)) {
            assertThat(files)
                    .hasSize(6)
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .as(file.toString())
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void ofADamagedFileAreNotSilentlyReplaced() throws IOException {
        SandboxKeys.in(SandboxFolder.in(data));
        Files.writeString(data.resolve("sandbox/alipay-private-key.pem"), "damaged");
        assertThatThrownBy(() -> SandboxKeys.in(SandboxFolder.in(data)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("remove the file");
    }
}
