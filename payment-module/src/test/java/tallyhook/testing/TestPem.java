package tallyhook.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.Key;
import java.security.KeyPair;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;

/** Keys and certificates in the forms in which an operator has them. */
public final class TestPem {

    private TestPem() {}

    public static String base64(Key key) {
        return Base64.getEncoder().encodeToString(key.getEncoded());
    }

    public static String pem(Key key) {
        return pem(key instanceof java.security.PrivateKey ? "PRIVATE KEY" : "PUBLIC KEY", key.getEncoded());
    }

    public static String pem(String label, byte[] der) {
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
                .formatted(
                        label,
                        Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(der),
                        label);
    }

    /** A self-signed certificate with this serial number, in hexadecimal. */
    public static String certificate(KeyPair pair, String serial) {
        var algorithm = new AlgorithmIdentifier(PKCSObjectIdentifiers.sha256WithRSAEncryption, DERNull.INSTANCE);
        var name = new X500Name("CN=Test platform certificate");
        var generator = new V3TBSCertificateGenerator();
        generator.setSerialNumber(new ASN1Integer(new BigInteger(serial, 16)));
        generator.setIssuer(name);
        generator.setSubject(name);
        generator.setStartDate(new Time(Date.from(Instant.parse("2026-01-01T00:00:00Z"))));
        generator.setEndDate(new Time(Date.from(Instant.parse("2031-01-01T00:00:00Z"))));
        generator.setSignature(algorithm);
        generator.setSubjectPublicKeyInfo(
                SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()));
        try {
            var content = generator.generateTBSCertificate();
            var signature = Sealing.sign("SHA256withRSA", pair.getPrivate(), content.getEncoded("DER"));
            var certificate = new ASN1EncodableVector();
            certificate.add(content);
            certificate.add(algorithm);
            certificate.add(new DERBitString(Base64.getDecoder().decode(signature)));
            return pem("CERTIFICATE", new DERSequence(certificate).getEncoded("DER"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
