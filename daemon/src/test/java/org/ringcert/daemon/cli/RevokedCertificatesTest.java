package org.ringcert.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.config.PublicCa;
import org.ringcert.pki.KeyAlgorithm;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.SelfSignedCertificate;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Origin;
import org.ringcert.store.Revocation;
import org.ringcert.store.Store;
import org.ringcert.store.StoredAccount;

/** Which certificates {@code ringcert revoke} revokes and replaces, and what is known about them afterwards. */
class RevokedCertificatesTest extends CommandLineFixture {

    private static final CertificateName FIRST = CertificateName.first(WWW);
    private static final CertificateName SECOND = CertificateName.second(WWW, KeyAlgorithm.RSA);
    private static final URI OTHER_CA = URI.create("http://127.0.0.1:2/dir");
    private static final URI ACCOUNT = CA.resolve("/account/1");

    private Store store;

    @BeforeEach
    void open() throws Exception {
        store = store();
    }

    private void configure(String from, String to) throws Exception {
        Files.writeString(
                folder.resolve("ringcert.toml"),
                Files.readString(folder.resolve("ringcert.toml")).replace(from, to));
    }

    private void configureTwoKinds() throws Exception {
        configure("agree-to-terms", "keys = [\"ec256\", \"rsa2048\"]\nagree-to-terms");
    }

    private CertificateVersion install(CertificateName name, URI ca) throws Exception {
        KeyType type = name.secondKey().isPresent() ? KeyType.RSA2048 : KeyType.EC256;
        KeyPair key = type.generate(new SecureRandom());
        Instant now = Instant.now();
        return store.install(
                name,
                key,
                List.of(SelfSignedCertificate.create(key, List.of(name.site()), now, now.plus(Duration.ofDays(90)))),
                new Origin.IssuedByCa(ca, Optional.of(ACCOUNT), Optional.empty()));
    }

    private void saveAccount(URI url) throws Exception {
        store.accounts().save(CA, new StoredAccount(KeyType.EC256.generate(new SecureRandom()), Optional.of(url)));
    }

    private void deactivateAccount() throws Exception {
        saveAccount(ACCOUNT);
        store.accounts().save(CA, store.accounts().find(CA).orElseThrow().deactivatedAt(Instant.now()));
    }

    private Optional<Revocation> mark(CertificateName name) throws Exception {
        return store.current(name).orElseThrow().revocation();
    }

    private void assertReportedAsCompromised(CertificateName name) throws Exception {
        assertThat(mark(name)).hasValueSatisfying(mark -> {
            assertThat(mark.reason()).isEqualTo("keyCompromise");
            assertThat(mark.state()).isEqualTo(Revocation.State.REQUESTED);
        });
    }

    @Test
    void aCompromisedKeyIsReplacedEvenIfNoCaCanBeAsked() throws Exception {
        configureTwoKinds();
        CertificateVersion first = install(FIRST, OTHER_CA);
        CertificateVersion second = install(SECOND, CA);

        CommandRun run = onNode("revoke", "www.example.org", "--reason", "keyCompromise", "--yes");

        assertThat(run.status()).isEqualTo(1);
        for (CertificateVersion version : List.of(first, second)) {
            assertReportedAsCompromised(version.name());
            assertThat(store.isKeyRetired(version.leaf().getPublicKey())).isTrue();
            assertThat(run.out())
                    .contains(
                            version.name() + ": version " + version.label()
                                    + " could not be revoked: no connection to 127.0.0.1",
                            "It is replaced all the same. Repeat the command to revoke it: --version "
                                    + version.label(),
                            version.name() + ": failed",
                            "The certificate of " + version.name() + " has a compromised key");
        }
        CommandRun status = onNode("status");
        assertThat(status.status()).isEqualTo(1);
        assertThat(status.out()).contains("its key was reported as compromised at ");
        assertThat(onNode("renew", "--dry-run").out())
                .contains(
                        "www.example.org+rsa: would be ordered from 127.0.0.1:1, but has to wait: its key was reported as compromised");
    }

    @Test
    void nothingIsRevokedIfNothingCanBeOrdered() throws Exception {
        deactivateAccount();
        install(FIRST, CA);

        CommandRun run = onNode("revoke", "www.example.org", "--yes");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out())
                .contains(
                        "Nothing can be ordered in place of www.example.org. ",
                        "was deactivated here on",
                        "away and run `ringcert renew --prepare`",
                        "Nothing was revoked.")
                .doesNotContain("is ordered from", "no connection");
        assertThat(mark(FIRST)).isEmpty();
    }

    @Test
    void aCompromisedKeyIsRevokedEvenIfNothingCanBeOrdered() throws Exception {
        deactivateAccount();
        install(FIRST, CA);

        CommandRun run = onNode("revoke", "www.example.org", "--reason", "keyCompromise", "--yes");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out())
                .contains("Nothing can be ordered in place of www.example.org. ", "could not be revoked: no connection")
                .doesNotContain("is ordered from", "by itself", "It is replaced", "would be ordered");
        assertReportedAsCompromised(FIRST);
        assertThat(onNode("renew", "--dry-run").out())
                .contains("www.example.org: cannot be ordered from 127.0.0.1:1", "ringcert renew --prepare")
                .doesNotContain("would be ordered");
    }

    @Test
    void saysThatTheKeySignsIfThereIsNoUsableAccount() throws Exception {
        CertificateVersion version = install(FIRST, CA);
        String subject = "www.example.org, version " + version.label() + ": Its own key signs the request, ";

        assertThat(onNode("revoke", "www.example.org", "--dry-run").out())
                .contains(
                        subject + "because this server has no account at 127.0.0.1:1.",
                        "A key that signs is retired",
                        "TLSA records",
                        "a new certificate with a new key");
        saveAccount(CA.resolve("/account/2"));
        assertThat(onNode("revoke", "www.example.org", "--dry-run").out())
                .contains(subject + "unless 127.0.0.1:1 accepts this server's account", ACCOUNT.toString());
        saveAccount(ACCOUNT);
        assertThat(onNode("revoke", "www.example.org", "--dry-run").out())
                .contains("Then a new certificate is ordered")
                .doesNotContain("signs", "TLSA");
    }

    @Test
    void saysWhatLetsEncryptMakesOfASignatureOfTheKey() throws Exception {
        configure(CA.toString(), "letsencrypt");
        install(FIRST, PublicCa.LETSENCRYPT.directory());

        assertThat(onNode("revoke", "www.example.org", "--dry-run").out())
                .contains("Let's Encrypt takes such a request as keyCompromise, whatever the reason");
    }

    @Test
    void doesNotAskAgainAboutARevokedCertificate() throws Exception {
        CertificateVersion version = install(FIRST, CA);
        Instant time = Instant.parse("2026-11-27T10:00:00Z");
        store.saveRevocation(version, Optional.of(new Revocation("superseded", time, Revocation.State.CONFIRMED)));

        CommandRun run = onNode("revoke", "www.example.org", "--yes");

        assertThat(run.out())
                .contains(
                        "www.example.org: version " + version.label()
                                + " was already revoked at 2026-11-27T10:00:00Z (superseded). The CA is not asked again.",
                        "Then a new certificate is ordered",
                        "www.example.org: failed")
                .doesNotContain("To be revoked", "is not revoked");
        assertThat(onNode("revoke", "www.example.org", "--reason=1", "--dry-run")
                        .out())
                .contains("To be revoked for the reason keyCompromise");
    }

    @Test
    void revokesWhatIsOnlyKeptAndOrdersNothing() throws Exception {
        HostName removed = new HostName("old.example.org");
        CertificateVersion site = install(CertificateName.first(removed), CA);
        CertificateVersion kind = install(SECOND, CA);
        for (CertificateVersion version : List.of(site, kind)) {
            CommandRun run = onNode("revoke", version.name().toString(), "--reason", "superseded", "--yes");

            assertThat(run.out())
                    .contains(
                            version.name() + ", version " + version.label(),
                            version.name() + " is no longer in the configuration, so nothing is ordered in its place.",
                            "is not revoked: no connection")
                    .doesNotContain("is ordered from", "failed");
        }
    }

    @Test
    void aCompromiseIncludesTheKindThatWasSwitchedOff() throws Exception {
        install(FIRST, CA);
        CertificateVersion kept = install(SECOND, CA);

        assertThat(onNode("revoke", "www.example.org", "--dry-run").out()).doesNotContain("+rsa");
        assertThat(onNode("revoke", "www.example.org", "--reason=keyCompromise", "--dry-run")
                        .out())
                .contains(
                        "www.example.org+rsa, version " + kept.label(),
                        "www.example.org+rsa is no longer in the configuration, so nothing is ordered in its place.",
                        "Then a new certificate with a new key is ordered");
    }

    @Test
    void countsTheCertificatesOfAKindThatWasSwitchedOff() throws Exception {
        configure(CA.toString(), "letsencrypt");
        install(FIRST, PublicCa.LETSENCRYPT.directory());
        install(SECOND, PublicCa.LETSENCRYPT.directory());

        assertThat(onNode("revoke", "www.example.org", "--dry-run").out())
                .contains("this server got at least 2 in the last 7 days", "At most 3 are left");
    }

    @Test
    void namesTheCertificatesThatAreLeftOut() throws Exception {
        configureTwoKinds();
        install(FIRST, CA);
        assertThat(onNode("revoke", "www.example.org", "--dry-run").out())
                .contains("www.example.org+rsa has no certificate yet");
        CertificateVersion selfSigned =
                store.ensureSelfSigned(SECOND, new Site(List.of(WWW)), KeyType.RSA2048, new SecureRandom());

        assertThat(onNode("revoke", "www.example.org", "--dry-run").out())
                .contains("www.example.org+rsa: version " + selfSigned.label() + " is self-signed.");
        assertThat(onNode("revoke", "www.example.org", "--version", "20200101T000000Z", "--yes")
                        .err())
                .contains("www.example.org and www.example.org+rsa have no version 20200101T000000Z");
    }
}
