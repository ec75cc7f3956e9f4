package io.tallyhook.payment.provider.wire;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Optional;
import java.util.ServiceLoader;
import javax.crypto.Cipher;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who does the arithmetic of callbacks' signatures and ciphers: the JDK, or the Amazon Corretto Crypto Provider, which needs
 * about half the time for an RSA signature but has a native library that does not load everywhere. Both give the same
 * answers. Nothing else in the process is touched: TLS and passwords stay with the JDK.
 */
public final class Cryptography {

    private static final Logger log = LoggerFactory.getLogger(Cryptography.class);
    private static final String CORRETTO = "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";
    private static final Cryptography JDK = new Cryptography(null);

    private final @Nullable Provider provider;

    private Cryptography(@Nullable Provider provider) {
        this.provider = provider;
    }

    /** The JDK's own; always there. */
    public static Cryptography jdk() {
        return JDK;
    }

    /** Amazon Corretto's; empty where it is not on the class path, its native library does not load, or it does not agree
     * with the JDK. Never throws. */
    public static Optional<Cryptography> corretto() {
        try {
            return ServiceLoader.load(Provider.class, Cryptography.class.getClassLoader()).stream()
                    .filter(candidate -> candidate.type().getName().equals(CORRETTO))
                    .findFirst()
                    .map(candidate -> new Cryptography(candidate.get()))
                    .filter(Cryptography::agreesWithTheJdk);
        } catch (Throwable unusable) {
            // A native library can fail in any way; there is always the JDK.
            log.debug("The Amazon Corretto Crypto Provider cannot be used", unusable);
            return Optional.empty();
        }
    }

    private boolean agreesWithTheJdk() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            var keys = generator.generateKeyPair();
            var message = new byte[] {1, 2, 3};
            var signature = RsaSha256.sign(keys.getPrivate(), message);
            cipher();
            return RsaSha256.verifies(this, own(keys.getPublic()), signature, message)
                    && !RsaSha256.verifies(this, own(keys.getPublic()), signature, new byte[] {1, 2, 4});
        } catch (GeneralSecurityException unusable) {
            log.debug("The Amazon Corretto Crypto Provider cannot be used", unusable);
            return false;
        }
    }

    /** What people call it. */
    public String name() {
        return provider == null ? "the JDK" : provider.getName() + " " + provider.getVersionStr();
    }

    /** The same key in the form that costs nothing to use again and again; to be asked for once. */
    public PublicKey own(PublicKey key) {
        if (provider == null) {
            return key;
        }
        try {
            return (PublicKey)
                    KeyFactory.getInstance(key.getAlgorithm(), provider).translateKey(key);
        } catch (GeneralSecurityException foreign) {
            log.debug("A key stays in the JDK's form", foreign);
            return key;
        }
    }

    Signature rsaSha256() throws GeneralSecurityException {
        return provider == null
                ? Signature.getInstance(RsaSha256.ALGORITHM)
                : Signature.getInstance(RsaSha256.ALGORITHM, provider);
    }

    /** AES in Galois counter mode. */
    public Cipher cipher() throws GeneralSecurityException {
        return provider == null
                ? Cipher.getInstance("AES/GCM/NoPadding")
                : Cipher.getInstance("AES/GCM/NoPadding", provider);
    }
}
