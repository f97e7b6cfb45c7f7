package org.ringcert.daemon.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.check.CheckFinding.Level;
import org.ringcert.view.ca.ViewpointReply;

class UniqueNamesCheckTest extends CheckFixture {

    private static final HostName UNIQUE = new HostName("web0.blog.example.org");

    private List<CheckFinding> look(ViewpointReply reply) throws Exception {
        CheckScope scope = scope(load("""
                [[node]]
                name = "web0.example.org"
                address = "192.0.2.10"
                [[node]]
                name = "web1.example.org"
                address = "192.0.2.11"
                [[site]]
                names = ["blog.example.org"]
                unique-name = "{node}.blog.example.org"
                """, ""));
        try (Survey survey = survey(scope, (viewpoint, name) -> name.equals(UNIQUE) ? reply : well(viewpoint, name))) {
            return new UniqueNamesCheck(scope, survey).look();
        }
    }

    private static ViewpointReply well(HostName viewpoint, HostName name) {
        return name.value().startsWith("blog") ? seen(name, accepted(IP0)) : allWell(viewpoint, name);
    }

    @Test
    void thatOfThisNodeIsAnsweredEverywhere() throws Exception {
        assertThat(look(seen(UNIQUE, accepted(IP0)))).singleElement().satisfies(finding -> {
            assertThat(finding.level()).isEqualTo(Level.OK);
            assertThat(finding.subject()).isEqualTo(UNIQUE.value());
            assertThat(finding.text()).contains("answered at 192.0.2.10, seen from all 2 nodes");
        });
    }

    @Test
    void oneWithoutAnAddressIsAWarningThatSaysWhatIsEnough() throws Exception {
        assertThat(look(seen(UNIQUE))).singleElement().satisfies(finding -> {
            assertThat(finding.level()).isEqualTo(Level.WARNING);
            assertThat(finding.text()).isEqualTo("this unique name has no address in the DNS");
            assertThat(finding.remedy().orElseThrow())
                    .contains("One wildcard record beside the site is enough: *.blog.example.org", "ordered without");
        });
    }

    @Test
    void oneThatCannotBeValidatedIsNoFailure() throws Exception {
        assertThat(look(seen(UNIQUE, refused(IP0, REFUSED))))
                .isNotEmpty()
                .allSatisfy(finding -> assertThat(finding.level()).isEqualTo(Level.WARNING));
    }

    @Test
    void thereIsNothingToSayWithoutUniqueNames() throws Exception {
        CheckScope scope = scope("");
        try (Survey survey = survey(scope, UniqueNamesCheckTest::well)) {
            assertThat(new UniqueNamesCheck(scope, survey).look()).isEmpty();
        }
    }
}
