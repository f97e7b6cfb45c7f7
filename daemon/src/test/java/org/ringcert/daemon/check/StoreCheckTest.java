package org.ringcert.daemon.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.check.CheckFinding.Level;
import org.ringcert.pki.KeyType;
import org.ringcert.store.CertificateName;
import org.ringcert.store.Store;

class StoreCheckTest extends CheckFixture {

    private static final String FILES_MODE = """
            [[node]]
            name = "web0.example.org"
            listen = []
            """;

    @Test
    void aStoreThatKeepsItsKeysToItselfIsRight() throws Exception {
        assertThat(new StoreCheck(scope(""), Optional.of(store()), List.of()).look())
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.level()).isEqualTo(Level.OK);
                    assertThat(finding.text()).contains(" belongs to ", "can be written");
                });
    }

    @Test
    void keysThatOthersCanReadAreNamed() throws Exception {
        Store store = store();
        Path key = store.certificates().resolve("www.example.org").toRealPath().resolve("privkey.pem");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));

        assertThat(new StoreCheck(scope(""), Optional.of(store), List.of()).look())
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.level()).isEqualTo(Level.WARNING);
                    assertThat(finding.text()).isEqualTo("other users can read " + key);
                    assertThat(finding.remedy().orElseThrow()).contains("chmod 600");
                });
    }

    @Test
    void whatWasCorrectedIsReported() throws Exception {
        Path directory = store().directory();
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        var modes = CorrectedMode.modes(directory);
        Store store = store();

        assertThat(new StoreCheck(scope(""), Optional.of(store), CorrectedMode.since(modes, directory)).look())
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.level()).isEqualTo(Level.WARNING);
                    assertThat(finding.text()).isEqualTo(directory + " had mode rwxrwxrwx and now has rwx--x--x");
                    assertThat(finding.remedy().orElseThrow()).contains("Other users could have replaced");
                });
    }

    @Test
    void aMissingStoreIsAFailureOnlyIfAWebServerNeedsItsFiles() throws Exception {
        assertThat(levels(new StoreCheck(scope(""), Optional.empty(), List.of()).look()))
                .containsExactly(Level.OK);
        CheckScope filesMode = scope(load(FILES_MODE, ""));
        assertThat(new StoreCheck(filesMode, Optional.empty(), List.of()).look())
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.level()).isEqualTo(Level.FAILURE);
                    assertThat(finding.remedy().orElseThrow()).contains("ringcert renew --prepare");
                });
    }

    @Test
    void aWebServerMustBeAbleToReachTheChallenges() throws Exception {
        CheckScope filesMode = scope(load(FILES_MODE, ""));
        Store store = store();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));

        List<CheckFinding> findings = new StoreCheck(filesMode, Optional.of(store), List.of()).look();

        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.level()).isEqualTo(Level.WARNING);
            assertThat(finding.text()).contains("cannot reach " + store.challenges(), folder.toString());
        });
    }

    private Store store() throws Exception {
        Store store = Store.open(folder.resolve("store"), Clock.systemUTC());
        Site site = new Site(List.of(WWW));
        store.ensureSelfSigned(CertificateName.first(WWW), site, KeyType.EC256, new SecureRandom());
        return store;
    }
}
