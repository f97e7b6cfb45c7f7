package org.ringcert.daemon.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.HostName;
import org.ringcert.dns.AddressLookup;
import org.ringcert.dns.HostAddresses;
import org.ringcert.view.ca.AddressView;
import org.ringcert.view.ca.HttpsView;
import org.ringcert.view.ca.NameView;
import org.ringcert.view.ca.Problem;
import org.ringcert.view.ca.Rule;
import org.ringcert.view.ca.Walk;
import org.ringcert.view.ca.Walk.Verdict;

class ForecastTest {

    private static final HostName SELF = new HostName("web0.example.org");
    private static final List<HostName> PEERS =
            List.of(new HostName("web1.example.org"), new HostName("web2.example.org"));
    private static final String ADDRESS_OF_PEER = "2001:db8::b";
    private static final HostName NAME = new HostName("www.example.org");
    private static final Problem NO_ADDRESS =
            new Problem(Rule.DNS, "the name has no address", "no valid A records", "Publish one.");
    private static final String IPV4 = "192.0.2.1";
    private static final String OTHER_IPV4 = "192.0.2.2";
    private static final String IPV6 = "2001:db8::1";

    static Verdict accepted() {
        return new Verdict.Accepted(new KeyAuthorization(new Token("a".repeat(43)), "b".repeat(43)));
    }

    static Verdict refused() {
        return new Verdict.Refused(
                new Problem(Rule.CONNECTION, "nothing answers", "Timeout during connect", "Open port 80."));
    }

    static Verdict undecided() {
        return new Verdict.Undecided("this server has no route to IPv6 addresses", "Try elsewhere.");
    }

    static AddressView at(String address, Verdict verdict) {
        return new AddressView(
                InetAddress.ofLiteral(address), new Walk(List.of(), verdict, List.of()), new HttpsView.NotSeen());
    }

    static NameView view(AddressView... views) {
        return view(NAME, views);
    }

    static NameView view(HostName name, AddressView... views) {
        List<InetAddress> addresses = Stream.of(views).map(AddressView::address).toList();
        return new NameView(
                name,
                new HostAddresses(new AddressLookup.Found(addresses), new AddressLookup.None()),
                List.of(views),
                List.of(),
                List.of(),
                true);
    }

    private static NameView withProblem() {
        return new NameView(
                NAME,
                new HostAddresses(new AddressLookup.None(), new AddressLookup.None()),
                List.of(),
                List.of(NO_ADDRESS),
                List.of(),
                true);
    }

    private static Forecast of(NameView own, NameView... others) {
        NodeAddresses nodes = new NodeAddresses();
        nodes.add(PEERS.getFirst(), List.of(InetAddress.ofLiteral(ADDRESS_OF_PEER)));
        Map<HostName, NameView> views = new LinkedHashMap<>(Map.of(SELF, own));
        for (int i = 0; i < others.length; i++) {
            views.put(PEERS.get(i), others[i]);
        }
        return Forecast.of(new NameJudge(nodes).judge(new NameViews(NAME, SELF, views)));
    }

    private static Optional<String> failure(Forecast forecast) {
        return forecast instanceof Forecast.Failure(String reason) ? Optional.of(reason) : Optional.empty();
    }

    private static Optional<String> doubt(Forecast forecast) {
        return forecast instanceof Forecast.Doubt(String reason) ? Optional.of(reason) : Optional.empty();
    }

    @Test
    void anAnswerAtEveryAddressIsASuccess() {
        assertThat(of(view(at(IPV6, accepted()), at(IPV4, accepted())))).isEqualTo(new Forecast.Success());
    }

    @Test
    void aFailureNamesNameAddressWhatTheCaWouldSayAndTheRemedy() {
        assertThat(of(view(at(IPV4, refused()))))
                .isEqualTo(new Forecast.Failure("www.example.org at 192.0.2.1: nothing answers."
                        + " The CA would say: Timeout during connect. Open port 80."));
    }

    @Test
    void aProblemThatBeginsWithTheAddressDoesNotNameItTwice() {
        Verdict refused = new Verdict.Refused(
                new Problem(Rule.CONNECTION, IPV4 + " port 80 refuses the connection", "", "Open port 80."));
        assertThat(of(view(at(IPV4, refused))))
                .isEqualTo(new Forecast.Failure(
                        "www.example.org: 192.0.2.1 port 80 refuses the connection. Open port 80."));
    }

    @Test
    void severalDeadAddressesAreCounted() {
        assertThat(failure(of(view(at(IPV4, refused()), at(OTHER_IPV4, refused())))))
                .hasValueSatisfying(reason -> assertThat(reason)
                        .contains(IPV4)
                        .doesNotContain(OTHER_IPV4)
                        .endsWith(" Another address of this name fails, too."));
    }

    @Test
    void aDeadAddressOfTwoIsAFailure() {
        assertThat(failure(of(view(at(IPV4, accepted()), at(OTHER_IPV4, refused())))))
                .hasValueSatisfying(reason -> assertThat(reason).contains(OTHER_IPV4));
    }

    @Test
    void aDeadIpv6AddressIsAFailureAlthoughIpv4IsAnswered() {
        assertThat(failure(of(view(at(IPV6, refused()), at(IPV4, accepted())))))
                .hasValueSatisfying(reason -> assertThat(reason).contains("2001:db8:"));
    }

    @Test
    void aDeadIpv4AddressIsADoubtIfIpv6IsAnswered() {
        assertThat(doubt(of(view(at(IPV6, accepted()), at(IPV4, refused())))))
                .hasValueSatisfying(reason -> assertThat(reason).contains(IPV4, "Open port 80."));
    }

    @Test
    void aDeadIpv4AddressIsADoubtIfNobodyCouldTryIpv6() {
        assertThat(doubt(of(view(at(IPV6, undecided()), at(IPV4, refused())))))
                .hasValueSatisfying(reason -> assertThat(reason).contains("Nobody could try", IPV4));
    }

    @Test
    void anAddressThatNobodyCouldTryIsADoubt() {
        assertThat(doubt(of(view(at(IPV6, undecided()), at(IPV4, accepted())), view(at(IPV6, undecided())))))
                .contains("Nobody could try www.example.org at 2001:db8::1:"
                        + " this server has no route to IPv6 addresses.");
    }

    @Test
    void aPeerDecidesAboutAnAddressThatThisServerCannotTry() {
        NameView own = view(at(IPV6, undecided()), at(IPV4, accepted()));
        assertThat(of(own, view(at(IPV6, accepted()), at(IPV4, undecided())))).isEqualTo(new Forecast.Success());
        assertThat(failure(of(own, view(at(IPV6, refused()), at(IPV4, accepted())))))
                .isPresent();
    }

    @Test
    void aPeerThatSucceedsIsEnough() {
        NameView peer = view(at(IPV4, accepted()));
        assertThat(of(view(at(IPV4, refused())), view(at(IPV4, refused())), peer))
                .isEqualTo(new Forecast.Success());
        assertThat(of(view(at("10.0.0.1", refused())), peer))
                .as("the DNS has another view for this server")
                .isEqualTo(new Forecast.Success());
        assertThat(of(withProblem(), peer)).isEqualTo(new Forecast.Success());
    }

    @Test
    void peersThatFailAsWellMakeNoDifference() {
        assertThat(failure(of(view(at(IPV4, refused())), view(at(IPV4, refused())))))
                .isPresent();
    }

    @Test
    void aProblemOfTheNameIsAFailure() {
        assertThat(of(withProblem()))
                .isEqualTo(
                        new Forecast.Failure(
                                "www.example.org: the name has no address. The CA would say: no valid A records. Publish one."));
    }

    @Test
    void anAddressWithoutAWalkIsADoubtButMissingHttpsIsNone() {
        NameView whole = view(at(IPV4, accepted()), at(OTHER_IPV4, accepted()));
        NameView cut = new NameView(NAME, whole.addresses(), whole.views().subList(0, 1), List.of(), List.of(), false);
        assertThat(doubt(of(cut))).contains("The look at www.example.org did not end in time.");
        NameView withoutHttps = new NameView(NAME, whole.addresses(), whole.views(), List.of(), List.of(), false);
        assertThat(of(withoutHttps)).isEqualTo(new Forecast.Success());
    }

    @Test
    void aFailureOfAPeerAtItsOwnAddressIsADoubt() {
        NameView own = view(at(ADDRESS_OF_PEER, undecided()), at(IPV4, accepted()));
        assertThat(doubt(of(own, view(at(ADDRESS_OF_PEER, refused()), at(IPV4, accepted())))))
                .hasValueSatisfying(reason -> assertThat(reason).contains(ADDRESS_OF_PEER, "Open port 80."));
    }

    @Test
    void aPeerThatFailsOnlyBehindIpv6IsEnough() {
        NameView peer = view(at(IPV6, accepted()), at(IPV4, refused()));
        assertThat(doubt(of(view(at("10.0.0.1", refused())), peer)))
                .hasValueSatisfying(reason -> assertThat(reason).contains(IPV4).doesNotContain("10.0.0.1"));
        assertThat(doubt(of(withProblem(), peer))).isPresent();
    }

    @Test
    void whatOnlyThisServerSeesIsADoubtIfPeersCouldTryALittle() {
        NameView peer = view(at(IPV6, undecided()), at(IPV4, accepted()));
        assertThat(doubt(of(withProblem(), peer)))
                .hasValueSatisfying(reason -> assertThat(reason).contains("has no address", "Nobody could try"));
    }

    @Test
    void theReasonHasNoToken() {
        Verdict refused = new Verdict.Refused(new Problem(
                Rule.FINAL_STATUS,
                "http://www.example.org/.well-known/acme-challenge/0123456789abcdef is not found",
                "",
                ""));
        assertThat(failure(of(view(at(IPV4, refused)))))
                .hasValueSatisfying(reason -> assertThat(reason).contains("/acme-challenge/TOKEN is"));
    }
}
