package org.ringcert.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.KeyAlgorithm;

class CertificateNameTest {

    private static final HostName SITE = HostName.of("www.example.org");

    @Test
    void isTheSitesNameForTheFirstCertificate() {
        assertEquals("www.example.org", CertificateName.first(SITE).toString());
        assertEquals(CertificateName.first(SITE), CertificateName.of("www.example.org"));
    }

    @Test
    void hasTheKindOfKeyForTheSecond() {
        CertificateName name = CertificateName.second(SITE, KeyAlgorithm.RSA);
        assertEquals("www.example.org+rsa", name.toString());
        assertEquals(name, CertificateName.of("www.example.org+rsa"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "+rsa", "www.example.org+", "www.example.org+RSA", "www.example.org+rsa+ec", "a+../b"})
    void refusesAnythingElse(String text) {
        assertThrows(IllegalArgumentException.class, () -> CertificateName.of(text));
    }
}
