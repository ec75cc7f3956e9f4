package io.tallyhook.payment.provider.wire;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** @param provider who does the arithmetic of signatures; automatically the fastest that can be used here */
@ConfigurationProperties("tallyhook.crypto")
record CryptographySettings(@DefaultValue("auto") Choice provider) {

    enum Choice {
        AUTO,
        JDK,
        CORRETTO
    }
}
