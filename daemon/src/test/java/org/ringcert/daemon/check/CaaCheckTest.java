package org.ringcert.daemon.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.ringcert.acme.CaInformation;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.check.CheckFinding.Level;
import org.ringcert.daemon.config.AcmeSettings;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.config.ConfigurationLoader;
import org.ringcert.plan.RenewalLimit;
import org.ringcert.view.ca.CaaPolicy.Applicant;
import org.ringcert.view.ca.CaaPolicy.Basis;
import org.ringcert.view.ca.CaaPolicy.Decision;
import org.ringcert.view.ca.Problem;
import org.ringcert.view.ca.Rule;

class CaaCheckTest extends CheckFixture {

    private static final HostName BLOG = new HostName("blog.example.org");
    private static final Problem EXCLUDED = new Problem(
            Rule.CAA,
            "the CAA records of example.org do not allow this server's account",
            "CAA record for example.org prevents issuance",
            "Add this record.");

    @Test
    void whatIsAllowedIsSaidForEachSite() throws Exception {
        List<CheckFinding> findings =
                look(configuration(""), List.of(), new Decision.Allowed(Basis.NO_RECORDS, Optional.empty()));

        assertThat(findings).hasSize(2).allSatisfy(finding -> {
            assertThat(finding.level()).isEqualTo(Level.OK);
            assertThat(finding.text()).isEqualTo("CAA allows letsencrypt");
        });
    }

    @Test
    void aRecordThatExcludesThisServersAccountIsAFailure() throws Exception {
        CheckFinding finding = only(look(configuration(""), List.of(), new Decision.Refused(EXCLUDED)), WWW);

        assertThat(finding.level()).isEqualTo(Level.FAILURE);
        assertThat(finding.text())
                .isEqualTo("the CAA records of example.org do not allow this server's account; the CA would say: CAA"
                        + " record for example.org prevents issuance");
        assertThat(finding.remedy()).contains("Add this record.");
    }

    @Test
    void withAPrivateCaItIsAWarning() throws Exception {
        Path file = folder.resolve("ringcert.toml");
        configuration("");
        Files.writeString(
                file, Files.readString(file).replace("\"letsencrypt\"", "\"https://ca.example.net/directory\""));

        assertThat(levels(look(ConfigurationLoader.load(file), List.of(), new Decision.Refused(EXCLUDED))))
                .containsOnly(Level.WARNING);
    }

    @Test
    void theDirectorySaysWhichNameTheCaHasAndElseTheKnownOneCounts() throws Exception {
        assertThat(applicant(List.of(new HostName("ca.example.net"))).identities())
                .containsExactly(new HostName("ca.example.net"));
        assertThat(applicant(List.of()).identities()).containsExactly(new HostName("letsencrypt.org"));
    }

    private Applicant applicant(List<HostName> identities) throws Exception {
        AtomicReference<Applicant> seen = new AtomicReference<>();
        CheckScope scope = scope("");
        try (Survey survey = survey(scope, CheckFixture::allWell);
                PendingResult<List<DirectoryState>> cas = cas(scope.configuration(), identities)) {
            new CaaCheck(scope, cas, Optional.empty(), survey, (_, applicant) -> {
                        seen.set(applicant);
                        return new Decision.Allowed(Basis.NO_RECORDS, Optional.empty());
                    })
                    .look();
        }
        return Objects.requireNonNull(seen.get());
    }

    private static List<CheckFinding> look(Configuration configuration, List<HostName> identities, Decision decision)
            throws Exception {
        CheckScope scope = scope(configuration);
        try (Survey survey = survey(scope, CheckFixture::allWell);
                PendingResult<List<DirectoryState>> cas = cas(configuration, identities)) {
            return new CaaCheck(scope, cas, Optional.empty(), survey, (_, _) -> decision).look();
        }
    }

    private static PendingResult<List<DirectoryState>> cas(Configuration configuration, List<HostName> identities) {
        AcmeSettings ca = configuration.authorities().getFirst();
        CaInformation information = new CaInformation(identities, Optional.empty(), Optional.empty());
        return PendingResult.start(() -> List.of(new DirectoryState.Reached(ca, information, RenewalLimit.EXEMPT)));
    }

    @Test
    void theNamesOfARefusalStandBeforeIt() throws Exception {
        Path file = folder.resolve("ringcert.toml");
        configuration("");
        Files.writeString(
                file,
                Files.readString(file).replace("[\"www.example.org\"]", "[\"www.example.org\", \"" + BLOG + "\"]"));
        CheckScope scope = scope(ConfigurationLoader.load(file));
        try (Survey survey = survey(scope, (_, name) -> seen(name, accepted(IP0)));
                PendingResult<List<DirectoryState>> cas = cas(scope.configuration(), List.of())) {
            List<CheckFinding> findings = new CaaCheck(
                            scope,
                            cas,
                            Optional.empty(),
                            survey,
                            (name, _) -> name.equals(BLOG)
                                    ? new Decision.Refused(EXCLUDED)
                                    : new Decision.Allowed(Basis.NO_RECORDS, Optional.empty()))
                    .look();
            assertThat(findings)
                    .anySatisfy(finding -> assertThat(finding.text())
                            .startsWith(BLOG + ": the CAA records of example.org")
                            .endsWith("CAA record for example.org prevents issuance"));
        }
    }
}
