package org.ringcert.view.visitor;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.net.ssl.SSLParameters;
import org.ringcert.pki.KeyAlgorithm;

/**
 * What a client offers in its first message, as a restriction of what this Java runtime offers by default. It decides
 * between the certificates of a server that has several kinds: the cipher suite in TLS 1.2, and the signature schemes
 * in TLS 1.3 (RFC 8446, section 4.2.3). HAProxy looks at the signature schemes in TLS 1.2 as well.
 */
@FunctionalInterface
interface TlsOffer extends Consumer<SSLParameters> {

    /** Everything that is supported by default. */
    TlsOffer UNRESTRICTED = _ -> {};

    /**
     * Returns offers that a server can accept only with a certificate whose key has this algorithm. A server with such
     * a certificate may refuse the first offer, but accepts one of them.
     *
     * <p>The runtime sends the same schemes for the signature of the handshake and for those in the chain, so a server
     * refuses a certificate from a CA with another kind of key if the schemes of that CA are missing.
     */
    static List<TlsOffer> requiring(KeyAlgorithm algorithm) {
        return switch (algorithm) {
            // TLS 1.3 allows PKCS #1 signatures in chains only, so they do not admit a certificate with an RSA key.
            // HAProxy 2.6 presents EC only to clients who offer a suite with ECDSA, so the offer is not TLS 1.3 alone.
            case EC ->
                List.of(parameters -> {
                    setSchemes(parameters, Schemes.ECDSA, Schemes.RSA_PKCS1);
                    keepCipherSuites(parameters, suite -> isTls13(suite) || suite.contains("_ECDSA_WITH_"));
                });
            // Without a PKCS #1 scheme, HAProxy 2.6 does not notice that the client accepts RSA.
            case RSA ->
                List.of(
                        parameters -> {
                            setSchemes(parameters, Schemes.RSA_PSS, Schemes.RSA_PKCS1);
                            keepCipherSuites(parameters, suite -> isTls13(suite) || suite.contains("_RSA_WITH_"));
                        },
                        // For chains of a CA with an EC key. In TLS 1.3 these schemes would admit any certificate.
                        parameters -> {
                            setSchemes(parameters, Schemes.RSA_PSS, Schemes.RSA_PKCS1, Schemes.ECDSA);
                            keepCipherSuites(parameters, suite -> suite.contains("_RSA_WITH_"));
                            parameters.setProtocols(new String[] {"TLSv1.2"});
                        });
        };
    }

    private static void setSchemes(SSLParameters parameters, Schemes... groups) {
        parameters.setSignatureSchemes(
                Stream.of(groups).flatMap(group -> group.names.stream()).toArray(String[]::new));
    }

    private static void keepCipherSuites(SSLParameters parameters, Predicate<String> filter) {
        parameters.setCipherSuites(
                Arrays.stream(parameters.getCipherSuites()).filter(filter).toArray(String[]::new));
    }

    /** Returns whether a cipher suite is for TLS 1.3, where suites do not depend on the certificate. */
    private static boolean isTls13(String suite) {
        return !suite.contains("_WITH_");
    }

    /** Signature schemes by their names in RFC 8446, section 4.2.3. */
    enum Schemes {
        ECDSA("ecdsa_secp256r1_sha256", "ecdsa_secp384r1_sha384", "ecdsa_secp521r1_sha512"),
        RSA_PSS("rsa_pss_rsae_sha256", "rsa_pss_rsae_sha384", "rsa_pss_rsae_sha512"),
        RSA_PKCS1("rsa_pkcs1_sha256", "rsa_pkcs1_sha384", "rsa_pkcs1_sha512");

        @SuppressWarnings("ImmutableEnumChecker") // made by List.of
        private final List<String> names;

        Schemes(String... names) {
            this.names = List.of(names);
        }
    }
}
