package org.ringcert.view.look;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.cluster.Cluster;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;

/** Which queries ask for a look. */
class LookQueryTest {

    private static final Node WEB0 = new Node(new HostName("web0.example.org"), "192.0.2.10", 80);
    private static final Node WEB1 = new Node(new HostName("web1.example.org"), "192.0.2.11", 80);
    private static final HostName SITE = new HostName("www.example.org");
    private static final Cluster CLUSTER = new Cluster(List.of(WEB0, WEB1), WEB0.name());
    private static final Set<HostName> NAMES = Set.of(SITE, WEB0.name(), WEB1.name());

    private static LookQuery parse(String query) {
        return LookQuery.parse(query, CLUSTER, NAMES);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "at=web1.example.org&look=www.example.org",
                "look=www.example.org&at=web1.example.org",
                "x=1&look=www.example.org&&at=web1.example.org&y",
                "at=WEB1.example.ORG&look=Www.Example.org",
                "At=evil.example&at=web1.example.org&LOOK=x&look=www.example.org"
            })
    void findsBothNamesInAnyOrder(String query) {
        assertThat(parse(query)).isEqualTo(new LookQuery.Look(WEB1, SITE));
    }

    @Test
    void mayBeAboutANodeAndAtTheNodeThatIsAsked() {
        assertThat(parse("at=web0.example.org&look=web1.example.org")).isEqualTo(new LookQuery.Look(WEB0, WEB1.name()));
        assertThat(parse("at=web0.example.org&look=web0.example.org")).isEqualTo(new LookQuery.Look(WEB0, WEB0.name()));
    }

    @Test
    void isReadAsItIsWritten() {
        assertThat(parse(LookQuery.of(WEB1.name(), SITE))).isEqualTo(new LookQuery.Look(WEB1, SITE));
    }

    @Test
    void isAbsentWithoutAQuery() {
        assertThat(LookQuery.parse(null, CLUSTER, NAMES)).isEqualTo(new LookQuery.Absent());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "at=web1.example.org",
                "at=web1.example.org&at=web0.example.org",
                "look=www.example.org",
                "look=evil.example",
                "at=web1.example.org&looks=www.example.org",
                "at%3Dweb1.example.org&look=www.example.org",
                "%61t=web1.example.org&look=www.example.org",
                "at=web1.example.org;look=www.example.org",
                "left=&at=web1.example.org&look=www.example.org",
                "at=web1.example.org&left&look=www.example.org",
                "at=web1.example.org&look=www.example.org&left=web1.example.org",
                "at=evil.example&look=evil.example&left=evil.example"
            })
    void isAbsentIfOneIsMissingOrAWalkGoesOn(String query) {
        assertThat(parse(query)).isEqualTo(new LookQuery.Absent());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "at&look",
                "at=&look=",
                "at=web1.example.org&look",
                "at=web1.example.org&look=",
                "at=web1.example.org&look=evil.example",
                "at=evil.example&look=www.example.org",
                "at=www.example.org&look=www.example.org",
                "at=192.0.2.11&look=www.example.org",
                "at=web1.example.org:80&look=www.example.org",
                "at=web1.example.org.&look=www.example.org",
                "at=web1.example.org&look=www.example.org.",
                "at=web1.example.org&look=http://www.example.org/",
                "at=web1.example.org&look=169.254.169.254",
                "at=web1.example.org,web0.example.org&look=www.example.org",
                "at=web1%2Eexample.org&look=www.example.org",
                "at=web1.example.org&look=%77ww.example.org",
                "at=web1.example.org&look=www.example.org%00",
                "at=web1.example.org&look=www.example.org+",
                "at=web1.example.org&at=web1.example.org&look=www.example.org",
                "at=web1.example.org&look=www.example.org&look=www.example.org",
                "at=web1.example.org&look=www.example.org?left=",
                "at=web1.example.org&look=\u212Aww.example.org",
                "at=web1.example.org&look=w\u0130w.example.org"
            })
    void isInvalidIfANameIsNotConfiguredOrOneOccursTwice(String query) {
        assertThat(parse(query)).isEqualTo(new LookQuery.Invalid());
    }
}
