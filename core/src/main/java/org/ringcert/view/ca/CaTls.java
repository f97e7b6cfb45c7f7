package org.ringcert.view.ca;

import java.util.Arrays;
import java.util.Set;
import javax.net.ssl.SSLParameters;

/** What Go 1.26 and later, and with it Boulder, offers in a TLS handshake by default, as far as Java has it. */
final class CaTls {

    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private static final Set<String> CIPHER_SUITES = Set.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
            "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
            "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA");

    private static final String[] GROUPS = {"x25519", "secp256r1", "secp384r1", "secp521r1"};

    private static final String[] SIGNATURES = {
        "rsa_pss_rsae_sha256",
        "ecdsa_secp256r1_sha256",
        "ed25519",
        "rsa_pss_rsae_sha384",
        "rsa_pss_rsae_sha512",
        "rsa_pkcs1_sha256",
        "rsa_pkcs1_sha384",
        "rsa_pkcs1_sha512",
        "ecdsa_secp384r1_sha384",
        "ecdsa_secp521r1_sha512"
    };

    private CaTls() {}

    static void restrict(SSLParameters parameters) {
        parameters.setProtocols(PROTOCOLS);
        parameters.setCipherSuites(Arrays.stream(parameters.getCipherSuites())
                .filter(CIPHER_SUITES::contains)
                .toArray(String[]::new));
        parameters.setNamedGroups(GROUPS);
        parameters.setSignatureSchemes(SIGNATURES);
    }
}
