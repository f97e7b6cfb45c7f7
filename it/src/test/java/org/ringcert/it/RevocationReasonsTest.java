package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ringcert.acme.Account;
import org.ringcert.acme.CertificateAuthority;
import org.ringcert.acme.RevocationReason;
import org.ringcert.acme.RevocationResult;
import org.ringcert.daemon.CaConnections;
import org.ringcert.daemon.LocalNode;
import org.ringcert.daemon.config.ConfigurationLoader;
import org.ringcert.daemon.front.Front;
import org.ringcert.daemon.front.FrontListener;
import org.ringcert.handoff.HandoffListener;
import org.ringcert.issue.IssuanceListener;
import org.ringcert.issue.RevocationOutcome.Signer;
import org.ringcert.renew.RenewalMode;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.StoredAccount;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every reason of RFC 5280 at a real CA, in the name of the account and of the certificate's own key. */
@UsesPebble
class RevocationReasonsTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void theCaRecordsEveryReason(PebbleRelease release) throws Exception {
        try (Testbed testbed = Testbed.start(folder, release, UnaryOperator.identity(), 1, "www.example.org")) {
            LocalNode node = new LocalNode(
                    ConfigurationLoader.load(testbed.cluster().configuration())
                            .withStore(testbed.cluster().store(0)),
                    testbed.cluster().node(0));
            try (Front _ = node.startFront(HandoffListener.NONE, FrontListener.NONE);
                    CaConnections cas = node.connectToCas()) {
                for (RevocationReason reason : RevocationReason.values()) {
                    for (Signer signer : Signer.values()) {
                        revokes(testbed, node, cas, reason, signer);
                    }
                }
            }
        }
    }

    private static void revokes(
            Testbed testbed, LocalNode node, CaConnections cas, RevocationReason reason, Signer signer)
            throws Exception {
        CertificateAuthority ca = cas.authorities().getFirst();
        node.renewals(cas, IssuanceListener.NONE).pass(node.specs(), RenewalMode.FORCE);
        CertificateVersion version = StoredVersion.current(testbed, 0, 0);

        assertThat(revoke(node, ca, version, reason, signer)).isEqualTo(RevocationResult.REVOKED);

        JsonNode record = JsonMapper.shared().readTree(testbed.ca().record(version.leaf()));
        assertThat(record.path("Status").asString()).isEqualTo("Revoked");
        assertThat(record.path("Reason").asInt(0)).as("%s", record).isEqualTo(reason.code());
        assertThat(revoke(node, ca, version, reason, signer)).isEqualTo(RevocationResult.ALREADY_REVOKED);
    }

    private static RevocationResult revoke(
            LocalNode node, CertificateAuthority ca, CertificateVersion version, RevocationReason reason, Signer signer)
            throws Exception {
        return switch (signer) {
            case ACCOUNT -> ca.revoke(account(node, ca), version.leaf(), reason);
            case CERTIFICATE_KEY -> ca.revoke(node.store().keyPair(version), version.leaf(), reason);
        };
    }

    private static Account account(LocalNode node, CertificateAuthority ca) throws Exception {
        StoredAccount stored = node.store().accounts().find(ca.directory()).orElseThrow();
        return new Account(stored.url().orElseThrow(), stored.key());
    }
}
