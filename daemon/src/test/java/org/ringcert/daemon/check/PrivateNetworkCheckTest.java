package org.ringcert.daemon.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.check.CheckFinding.Level;
import org.ringcert.daemon.check.CheckFinding.Topic;
import org.ringcert.daemon.config.ConfigurationLoader;
import org.ringcert.view.ca.NameView;
import org.ringcert.view.ca.Problem;
import org.ringcert.view.ca.Rule;
import org.ringcert.view.ca.ViewpointReply;

class PrivateNetworkCheckTest extends CheckFixture {

    private static final Problem PRIVATE =
            new Problem(Rule.PUBLIC_ADDRESS, "the address is private", "no valid A records", "Publish another.");

    @Test
    void privateAddressesAreOneWarningForAllNamesIfTheCaIsPrivate() throws Exception {
        CheckScope scope = scopeOfPrivateCa();
        try (Survey survey = survey(scope, PrivateNetworkCheckTest::seenWithWarning)) {
            assertThat(new PrivateNetworkCheck(scope, survey).look())
                    .singleElement()
                    .satisfies(finding -> {
                        assertThat(finding.level()).isEqualTo(Level.WARNING);
                        assertThat(finding.text())
                                .contains("www.example.org", "web2.example.org", "for example: the address is private");
                    });
            assertThat(new SitesCheck(scope, survey).look())
                    .extracting(CheckFinding::level, CheckFinding::text)
                    .contains(org.assertj.core.groups.Tuple.tuple(
                            Level.OK, "answered at 192.0.2.10, seen from all 3 nodes"));
        }
    }

    @Test
    void withAPublicCaEachNameHasItsOwnWarning() throws Exception {
        CheckScope scope = scope("");
        try (Survey survey = survey(scope, PrivateNetworkCheckTest::seenWithWarning)) {
            assertThat(new PrivateNetworkCheck(scope, survey).look()).isEmpty();
            assertThat(new SitesCheck(scope, survey).look())
                    .filteredOn(finding -> finding.level() == Level.WARNING)
                    .extracting(CheckFinding::topic)
                    .containsExactly(Topic.SITE, Topic.SITE);
        }
    }

    private static ViewpointReply seenWithWarning(HostName viewpoint, HostName name) {
        NameView well = ((ViewpointReply.Seen) allWell(viewpoint, name)).view();
        return new ViewpointReply.Seen(
                new NameView(name, well.addresses(), well.views(), List.of(), List.of(PRIVATE), true));
    }

    private CheckScope scopeOfPrivateCa() throws Exception {
        configuration("");
        Path file = folder.resolve("ringcert.toml");
        Files.writeString(
                file, Files.readString(file).replace("\"letsencrypt\"", "\"https://ca.example.net/directory\""));
        return scope(ConfigurationLoader.load(file));
    }
}
