package org.ringcert.daemon.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.view.ca.ViewpointReply;

class SitesCheckTest extends CheckFixture {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "www | '' | answered at 192.0.2.10, seen from all 3 nodes",
                "www shop | '' | both names are answered at 192.0.2.10, seen from all 3 nodes",
                "www shop blog | '' | all 3 names are answered at 192.0.2.10, seen from all 3 nodes",
                "www shop | shop | www.example.org is answered at 192.0.2.10, seen from all 3 nodes",
                "www shop blog | blog | www.example.org and shop.example.org are answered at 192.0.2.10, seen from all 3 nodes"
            })
    void theNamesThatAreAnsweredAreCountedOrListed(String names, String failing, String text) throws Exception {
        List<HostName> all = Stream.of(names.split(" "))
                .map(name -> new HostName(name + ".example.org"))
                .toList();
        Configuration configuration = configuration("");
        CheckScope scope = new CheckScope(configuration, WEB0, List.of(new Site(all)));

        try (Survey survey = survey(scope, (viewpoint, name) -> reply(viewpoint, name, failing))) {
            List<CheckFinding> findings = new SitesCheck(scope, survey).look();

            assertThat(findings.getFirst().text()).isEqualTo(text);
            assertThat(findings).hasSize(failing.isEmpty() ? 1 : 2);
        }
    }

    private static ViewpointReply reply(HostName viewpoint, HostName name, String failing) {
        if (List.of(WEB0, WEB1, WEB2).contains(name)) {
            return allWell(viewpoint, name);
        }
        return name.value().equals(failing + ".example.org")
                ? seen(name, refused(IP0, REFUSED))
                : seen(name, accepted(IP0));
    }
}
