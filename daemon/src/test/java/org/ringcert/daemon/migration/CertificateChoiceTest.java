package org.ringcert.daemon.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.SelfSignedCertificate;

/** Which of another program's certificates a site takes over. */
class CertificateChoiceTest {

    private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");
    private static final Site WWW = site("www.example.org", "example.org");
    private static final Site SHOP = site("shop.example.org");
    private static final List<KeyType> EC = List.of(KeyType.EC256);
    private static final List<KeyType> BOTH = List.of(KeyType.EC256, KeyType.RSA2048);
    private static final Map<KeyType, KeyPair> KEYS = new EnumMap<>(KeyType.class);

    private final List<String> notes = new ArrayList<>();

    private static Site site(String... names) {
        return new Site(Stream.of(names).map(HostName::new).toList());
    }

    private static FoundCertificate found(Site site, String folder, KeyType type, int daysOld) {
        KeyPair key = KEYS.computeIfAbsent(type, each -> each.generate(new SecureRandom()));
        Instant issued = NOW.minus(Duration.ofDays(daysOld));
        var certificate = SelfSignedCertificate.create(key, site.names(), issued, issued.plus(Duration.ofDays(90)));
        return new FoundCertificate(
                site,
                Path.of("/live", folder),
                new CertifiedKey(key, List.of(certificate)),
                URI.create("https://ca.example.org/"),
                Optional.empty(),
                new FormerSettings(Optional.empty(), List.of(), false, false, Optional.empty()));
    }

    /** Returns the names and folders of what is chosen. */
    private List<String> chosen(List<SiteKeys> configured, List<KeyType> defaults, FoundCertificate... found) {
        return new CertificateChoice(configured, defaults, notes)
                .choose(List.of(found)).stream()
                        .map(each -> each.name() + " " + each.found().folder().getFileName())
                        .toList();
    }

    private static List<SiteKeys> configured(Site site, KeyType... keys) {
        return List.of(new SiteKeys(site, List.of(keys)));
    }

    @Test
    void aSiteWithTwoKindsTakesOverBoth() {
        FoundCertificate ec = found(WWW, "ec", KeyType.EC256, 5);
        FoundCertificate rsa = found(WWW, "rsa", KeyType.RSA2048, 1);

        assertThat(chosen(configured(WWW, KeyType.EC256, KeyType.RSA2048), EC, rsa, ec))
                .containsExactly("www.example.org ec", "www.example.org+rsa rsa");
        assertThat(chosen(configured(WWW, KeyType.RSA2048, KeyType.EC256), EC, rsa, ec))
                .containsExactly("www.example.org rsa", "www.example.org+ec ec");
        assertThat(notes).isEmpty();
    }

    @Test
    void aSiteWithTwoKindsTakesOverTheOnlyOneUnderItsName() {
        FoundCertificate rsa = found(WWW, "rsa", KeyType.RSA2048, 1);

        assertThat(chosen(configured(WWW, KeyType.EC256, KeyType.RSA2048), EC, rsa))
                .containsExactly("www.example.org+rsa rsa");
    }

    @Test
    void aSiteWithOneKindTakesThatKindAndSaysWhatItLeavesOut() {
        FoundCertificate ec = found(WWW, "ec", KeyType.EC256, 5);
        FoundCertificate rsa = found(WWW, "rsa", KeyType.RSA3072, 1);

        assertThat(chosen(configured(WWW, KeyType.EC256), BOTH, rsa, ec)).containsExactly("www.example.org ec");
        assertThat(notes)
                .containsExactly("/live/rsa (rsa3072) is left out: the configuration has one kind of keys for"
                        + " www.example.org, and takes over /live/ec (ec256). For both, write keys ="
                        + " [\"ec256\", \"rsa3072\"] there, and run this again");
    }

    @Test
    void aSiteWithOneKindTakesTheOtherIfThereIsNoOther() {
        assertThat(chosen(configured(WWW, KeyType.EC256), EC, found(WWW, "rsa", KeyType.RSA2048, 1)))
                .containsExactly("www.example.org rsa");
        assertThat(notes).isEmpty();
    }

    @Test
    void aNewSiteTakesOverAllKindsThoseOfTheConfigurationFirst() {
        FoundCertificate ec = found(WWW, "ec", KeyType.EC384, 5);
        FoundCertificate rsa = found(WWW, "rsa", KeyType.RSA2048, 1);

        assertThat(chosen(List.of(), EC, rsa, ec)).containsExactly("www.example.org ec", "www.example.org+rsa rsa");
        assertThat(chosen(List.of(), List.of(KeyType.RSA4096), ec, rsa))
                .containsExactly("www.example.org rsa", "www.example.org+ec ec");
        assertThat(chosen(List.of(), EC, rsa)).containsExactly("www.example.org rsa");
    }

    @Test
    void ofOneKindItTakesTheConfiguredTypeAndThenTheNewest() {
        FoundCertificate old = found(WWW, "old", KeyType.EC256, 9);
        FoundCertificate newer = found(WWW, "newer", KeyType.EC256, 5);
        FoundCertificate other = found(WWW, "other", KeyType.EC384, 1);

        assertThat(chosen(configured(WWW, KeyType.EC256), EC, other, old, newer))
                .containsExactly("www.example.org newer");
        assertThat(notes)
                .containsExactly(
                        "/live/old (ec256) is left out: the certificate for www.example.org in /live/newer (ec256) is not older",
                        "/live/other (ec384) is left out: /live/newer (ec256) has the type of key that is wanted for"
                                + " www.example.org");
    }

    /** Without a common name, the first name of a certificate follows from its folder. */
    @Test
    void certificatesForTheSameNamesAreOfOneSite() {
        Site reversed = site("example.org", "www.example.org");

        assertThat(chosen(
                        List.of(),
                        EC,
                        found(reversed, "www.example.org-rsa", KeyType.RSA2048, 1),
                        found(WWW, "www.example.org", KeyType.EC256, 1),
                        found(SHOP, "shop.example.org", KeyType.EC256, 1)))
                .containsExactly(
                        "shop.example.org shop.example.org",
                        "www.example.org www.example.org",
                        "www.example.org+rsa www.example.org-rsa");
    }
}
