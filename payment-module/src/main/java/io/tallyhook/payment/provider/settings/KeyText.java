package io.tallyhook.payment.provider.settings;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Pattern;
import org.springframework.core.io.DefaultResourceLoader;

/**
 * An RSA key as the operator has it: PEM text, bare Base64 as Alipay hands it out, or where to find one of them. What is
 * wrong with it is said without a character of it.
 */
public final class KeyText {

    private static final int FEWEST_BITS = 2048;
    private static final Pattern LOCATION = Pattern.compile("(file|classpath):.*");
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----", Pattern.DOTALL);

    private final String property;
    private final String label;
    private final byte[] der;

    KeyText(String property, String value) {
        this.property = property;
        var text = LOCATION.matcher(value).matches() ? load(value) : value;
        var pem = PEM.matcher(text.replace("\\n", "\n"));
        boolean isPem = pem.find();
        this.label = isPem ? pem.group(1) : "";
        this.der = decode(isPem ? pem.group(2) : text);
    }

    private String load(String location) {
        try {
            return new DefaultResourceLoader().getResource(location).getContentAsString(ISO_8859_1);
        } catch (IOException | RuntimeException unreadable) {
            throw new UnusableSetting(property, "names a file that cannot be read: " + location);
        }
    }

    private byte[] decode(String base64) {
        try {
            return Base64.getDecoder().decode(base64.replaceAll("\\s", ""));
        } catch (IllegalArgumentException malformed) {
            throw new UnusableSetting(
                    property, "is neither PEM text nor Base64 nor a location such as file:/etc/tallyhook/key.pem");
        }
    }

    public PrivateKey privateKey() {
        require("PRIVATE KEY", "a private key in PKCS#8 form (BEGIN PRIVATE KEY)");
        try {
            return strong(KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der)));
        } catch (GeneralSecurityException unusable) {
            throw new UnusableSetting(
                    property,
                    "is not an RSA private key in PKCS#8 form; openssl pkcs8 -topk8 -nocrypt -in old.pem makes one");
        }
    }

    public PublicKey publicKey() {
        require("PUBLIC KEY", "a public key (BEGIN PUBLIC KEY)");
        try {
            return strong(KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(der)));
        } catch (GeneralSecurityException unusable) {
            throw new UnusableSetting(property, "is not an RSA public key in X.509 form (BEGIN PUBLIC KEY)");
        }
    }

    public X509Certificate certificate() {
        require("CERTIFICATE", "a certificate (BEGIN CERTIFICATE)");
        try {
            var certificate = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
            strong(certificate.getPublicKey());
            return certificate;
        } catch (GeneralSecurityException unusable) {
            throw new UnusableSetting(property, "is not an X.509 certificate");
        }
    }

    private void require(String wanted, String inWords) {
        if (!label.isEmpty() && !label.equals(wanted)) {
            throw new UnusableSetting(property, "must be %s, but is: BEGIN %s".formatted(inWords, label));
        }
    }

    private <K extends java.security.Key> K strong(K key) {
        if (!(key instanceof RSAKey rsa) || rsa.getModulus().bitLength() < FEWEST_BITS) {
            throw new UnusableSetting(property, "must be an RSA key of at least %d bits".formatted(FEWEST_BITS));
        }
        return key;
    }
}
