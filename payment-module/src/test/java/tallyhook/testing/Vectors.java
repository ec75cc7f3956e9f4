package tallyhook.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Properties;

/** Known answers: messages and signatures made elsewhere, with keys that are used nowhere else. */
public final class Vectors {

    private Vectors() {}

    public static byte[] bytes(String file) {
        try (var in = Vectors.class.getResourceAsStream("/vectors/" + file)) {
            if (in == null) {
                throw new IllegalArgumentException("no vector " + file);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A line of {@code vectors.txt}. */
    public static String line(String name) {
        try {
            var lines = new Properties();
            lines.load(new StringReader(new String(bytes("vectors.txt"), UTF_8)));
            return lines.getProperty(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static PublicKey publicKey(String file) {
        var pem = new String(bytes(file), UTF_8).replaceAll("-----[A-Z ]+-----|\\s", "");
        try {
            return KeyFactory.getInstance("RSA")
                    .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(pem)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
