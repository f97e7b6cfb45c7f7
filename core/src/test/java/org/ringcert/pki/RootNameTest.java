package org.ringcert.pki;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RootNameTest {

    private final TestIssuer issuer = new TestIssuer(Instant.parse("2026-11-25T08:00:00Z"));

    @Test
    void isTheIssuerOfTheLastCertificate() {
        X509Certificate root = issuer.issuedBy("Root, \"X1\"");

        assertThat(RootName.of(List.of(root))).isEqualTo("Root, \"X1\"");
        assertThat(RootName.isRoot(List.of(root, issuer.issuedBy("Old Root")), "Root, \"X1\""))
                .isFalse();
        assertThat(RootName.isAnyIssuer(List.of(root, issuer.issuedBy("Old Root")), "Root, \"X1\""))
                .isTrue();
    }

    @Test
    void isTheWholeNameWithoutACommonName() {
        byte[] unit = Der.sequence(Der.setOf(Der.sequence(Der.oid("2.5.4.11"), Der.utf8("Class 2 Root"))));

        assertThat(RootName.of(List.of(issuer.issuedBy(unit)))).isEqualTo("OU=Class 2 Root");
    }

    @Test
    void isTheMostSpecificCommonName() {
        byte[] two = Der.sequence(
                Der.setOf(Der.sequence(Der.oid("2.5.4.3"), Der.utf8("outer"))),
                Der.setOf(Der.sequence(Der.oid("2.5.4.3"), Der.utf8("inner"))));

        assertThat(RootName.of(List.of(issuer.issuedBy(two)))).isEqualTo("inner");
    }

    @Test
    void isSafeToPrint() {
        String name = RootName.of(List.of(issuer.issuedBy("a\u001b[2J\n\u202eb" + "x".repeat(1000))));

        assertThat(name).startsWith("a [2J  b").hasSize(200);
    }

    @ParameterizedTest
    @CsvSource({"Root X1, true", "root x1, true", "' Root   X1', true", "Root X2, false", "Root, false", "'', false"})
    void comparesWithoutCaseAndRepeatedBlanks(String written, boolean same) {
        assertThat(RootName.isRoot(List.of(issuer.issuedBy("Root X1")), written))
                .isEqualTo(same);
    }
}
