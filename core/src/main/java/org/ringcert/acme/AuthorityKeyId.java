package org.ringcert.acme;

import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the key identifier in a certificate's authority key identifier extension (RFC 5280, section 4.2.1.1). */
final class AuthorityKeyId {

    private static final String OID = "2.5.29.35";

    private static final int OCTET_STRING = 0x04;
    private static final int SEQUENCE = 0x30;

    /** The tag of the field {@code keyIdentifier}: context-specific, primitive, number 0. */
    private static final int KEY_IDENTIFIER = 0x80;

    /** The longest key identifier that is accepted. Those of CAs are hashes of 20 to 64 bytes. */
    private static final int MAX_BYTES = 128;

    private AuthorityKeyId() {}

    /** Returns the key identifier; empty if there is none, or if the extension is not valid DER. */
    static Optional<byte[]> of(X509Certificate certificate) {
        return parse(certificate.getExtensionValue(OID));
    }

    /** @param extension an OCTET STRING that contains the extension */
    static Optional<byte[]> parse(byte @Nullable [] extension) {
        if (extension == null) {
            return Optional.empty();
        }
        try {
            ByteBuffer octets = onlyValue(ByteBuffer.wrap(extension), OCTET_STRING);
            ByteBuffer fields = onlyValue(octets, SEQUENCE);
            // The key identifier comes first if it is there. The issuer's name and serial number may follow.
            if (!fields.hasRemaining() || tag(fields) != KEY_IDENTIFIER) {
                return Optional.empty();
            }
            ByteBuffer value = value(fields);
            if (!value.hasRemaining() || value.remaining() > MAX_BYTES) {
                return Optional.empty();
            }
            byte[] keyId = new byte[value.remaining()];
            value.get(keyId);
            return Optional.of(keyId);
        } catch (MalformedDer _) {
            return Optional.empty();
        }
    }

    private static final class MalformedDer extends Exception {
        private static final long serialVersionUID = 1;
    }

    /** Reads a value of this type and checks that nothing follows it. */
    private static ByteBuffer onlyValue(ByteBuffer der, int type) throws MalformedDer {
        if (tag(der) != type) {
            throw new MalformedDer();
        }
        ByteBuffer value = value(der);
        if (der.hasRemaining()) {
            throw new MalformedDer();
        }
        return value;
    }

    private static int tag(ByteBuffer der) throws MalformedDer {
        return octet(der);
    }

    /** Reads the length and returns the value that follows. */
    private static ByteBuffer value(ByteBuffer der) throws MalformedDer {
        int length = length(der);
        if (length > der.remaining()) {
            throw new MalformedDer();
        }
        ByteBuffer value = der.slice(der.position(), length);
        der.position(der.position() + length);
        return value;
    }

    /** DER requires the shortest form of a length, and never an indefinite one (X.690, section 10.1). */
    private static int length(ByteBuffer der) throws MalformedDer {
        int first = octet(der);
        if (first < 0x80) {
            return first;
        }
        int length = switch (first) {
            case 0x81 -> octet(der);
            case 0x82 -> octet(der) << 8 | octet(der);
            default -> throw new MalformedDer();
        };
        if (length < (first == 0x81 ? 0x80 : 0x100)) {
            throw new MalformedDer();
        }
        return length;
    }

    private static int octet(ByteBuffer der) throws MalformedDer {
        if (!der.hasRemaining()) {
            throw new MalformedDer();
        }
        return der.get() & 0xff;
    }
}
