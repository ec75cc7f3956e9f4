package io.tallyhook.payment.provider.alipay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tallyhook.payment.provider.Rejection;
import io.tallyhook.payment.provider.wire.NotBelieved;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * A form as it was sent, by name: each value is percent-decoded exactly once, into bytes. What was signed is put
 * together from these bytes, so no charset can change it. Empty values are as good as absent: they are not signed.
 */
record AlipayForm(SequencedMap<String, byte[]> values) {

    /** Alipay sends about 30; nobody shall make us sort a hundred thousand before the signature is looked at. */
    private static final int MOST_FIELDS = 256;

    /** @throws NotBelieved if it is not a form, or has a field twice */
    static AlipayForm parse(byte[] body) {
        var values = new TreeMap<String, byte[]>();
        int start = 0;
        while (start < body.length) {
            int end = indexOf((byte) '&', body, start, body.length);
            int equals = indexOf((byte) '=', body, start, end);
            if (equals == end) {
                throw NotBelieved.unparsable("not a form");
            }
            // One byte is one character here, so names sort by their bytes.
            var name = new String(decoded(body, start, equals), ISO_8859_1);
            if (values.putIfAbsent(name, decoded(body, equals + 1, end)) != null) {
                throw new NotBelieved(Rejection.REPEATED_FIELD, "each field once", name);
            }
            if (values.size() > MOST_FIELDS) {
                throw NotBelieved.unparsable("more than %d fields".formatted(MOST_FIELDS));
            }
            start = end + 1;
        }
        values.values().removeIf(value -> value.length == 0);
        return new AlipayForm(values);
    }

    /** What Alipay signs of a notification: all but {@code sign} and {@code sign_type}, sorted and joined. */
    byte[] signedContent() {
        var content = new ByteArrayOutputStream();
        values.forEach((name, value) -> {
            if (!name.equals("sign") && !name.equals("sign_type")) {
                if (content.size() > 0) {
                    content.write('&');
                }
                content.writeBytes(name.getBytes(ISO_8859_1));
                content.write('=');
                content.writeBytes(value);
            }
        });
        return content.toByteArray();
    }

    /** @throws NotBelieved if a value is not written in this charset */
    SequencedMap<String, String> texts(Charset charset) {
        var texts = new TreeMap<String, String>();
        for (var field : values.entrySet()) {
            texts.put(field.getKey(), text(field, charset));
        }
        return texts;
    }

    private static String text(Map.Entry<String, byte[]> field, Charset charset) {
        try {
            return charset.newDecoder()
                    .decode(ByteBuffer.wrap(field.getValue()))
                    .toString();
        } catch (CharacterCodingException foreign) {
            throw NotBelieved.unparsable("%s is not written in %s".formatted(field.getKey(), charset));
        }
    }

    private static int indexOf(byte wanted, byte[] body, int from, int to) {
        int at = from;
        while (at < to && body[at] != wanted) {
            at++;
        }
        return at;
    }

    private static byte[] decoded(byte[] body, int from, int to) {
        var bytes = new ByteArrayOutputStream(to - from);
        for (int at = from; at < to; at++) {
            if (body[at] == '%') {
                bytes.write(escaped(body, at + 1, to));
                at += 2;
            } else {
                bytes.write(body[at] == '+' ? ' ' : body[at]);
            }
        }
        return bytes.toByteArray();
    }

    private static int escaped(byte[] body, int at, int to) {
        int high = at < to ? Character.digit((char) body[at], 16) : -1;
        int low = at + 1 < to ? Character.digit((char) body[at + 1], 16) : -1;
        if (high < 0 || low < 0) {
            throw NotBelieved.unparsable("a malformed %-escape");
        }
        return high << 4 | low;
    }
}
