package org.ringcert.view.visitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ringcert.view.visitor.VisitorLab.NOW;
import static org.ringcert.view.visitor.VisitorLab.SITE;
import static org.ringcert.view.visitor.VisitorLab.ago;
import static org.ringcert.view.visitor.VisitorLab.in;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.pki.Pem;
import org.ringcert.pki.TestAuthority;

/** Tests which roots are trusted. */
class ChainTrustTest {

    private final VisitorLab lab = new VisitorLab();
    private final List<X509Certificate> chain = List.of(lab.leaf(), lab.intermediate.certificate());

    @Test
    void trustsTheFileOfTheSystemAndThoseOfTheConfiguration(@TempDir Path folder) throws Exception {
        TestAuthority own = TestAuthority.root("Own Root", NOW);
        List<X509Certificate> ownChain = List.of(own.leaf(lab.key.getPublic(), SITE.names(), ago(1), in(1)));
        Path file = Files.writeString(
                folder.resolve("bundle.pem"), "damaged\n" + Pem.write(List.of(lab.root.certificate())));
        ChainTrust trust = ChainTrust.ofSystem(Map.of("SSL_CERT_FILE", file.toString()), List.of(own.certificate()));

        assertThat(trust.verify(chain, NOW)).isEqualTo(new ChainVerdict.Trusted());
        assertThat(trust.verify(ownChain, NOW)).isEqualTo(new ChainVerdict.Trusted());
        Files.delete(file);
        assertThat(trust.verify(chain, NOW)).as("the file is read once").isEqualTo(new ChainVerdict.Trusted());
    }

    @Test
    void trustsNoneButTheSystemsRoots() {
        assertThat(ChainTrust.ofSystem(Map.of(), List.of()).verify(chain, NOW))
                .isEqualTo(new ChainVerdict.LeadsNowhere(lab.intermediate.certificate()));
    }
}
