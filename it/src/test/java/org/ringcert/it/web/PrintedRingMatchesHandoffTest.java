package org.ringcert.it.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.Cluster;
import org.ringcert.cluster.Node;
import org.ringcert.cluster.PeerHealth;
import org.ringcert.handoff.Answer;
import org.ringcert.handoff.ChallengeRequest;
import org.ringcert.handoff.Handoff;
import org.ringcert.handoff.HandoffListener;
import org.ringcert.handoff.HandoffMode;
import org.ringcert.handoff.LookupBudget;
import org.ringcert.handoff.PeerClient;
import org.ringcert.handoff.PeerReply;
import org.ringcert.handoff.RemainingNodes;

/**
 * A web server that walks the ring itself answers as {@link Handoff} decides, for every list that a walk can produce
 * and for many that none produces.
 */
class PrintedRingMatchesHandoffTest {

    private static final InetAddress CA = InetAddress.ofLiteral("127.0.0.1");

    @TempDir
    private Path folder;

    @ParameterizedTest(name = "{0}, {1} servers, as number {2}")
    @CsvSource({
        "APACHE_FILES, 1, 0",
        "APACHE_FILES, 4, 1",
        "APACHE_FILES, 12, 11",
        "NGINX_FILES, 1, 0",
        "NGINX_FILES, 4, 1",
        "NGINX_FILES, 12, 11",
    })
    void answersEveryListAsTheDaemonDoes(ServerKind kind, int size, int self) throws Exception {
        try (WebServers servers = WebServers.withoutCa(folder, 87, size, "handoff = \"ring\"")) {
            servers.start(self, kind);
            Token held = new Token("held-on-this-server");
            Token unknown = new Token("held-by-no-server-at-all");
            servers.holdToken(self, held);
            Cluster cluster = servers.node(self).cluster();
            Handoff handoff = handoff(servers, self, cluster);
            List<String> wrong = new ArrayList<>();
            for (String query : queries(cluster)) {
                for (Token token : query.length() % 7 == 0 ? List.of(held, unknown) : List.of(unknown)) {
                    Answer answer = handoff.answer(new ChallengeRequest(
                            token, RemainingNodes.parse(query.isEmpty() ? null : query.substring(1), cluster), CA, ""));
                    WebResponse response = servers.get(self, "www.example.org", token.path() + query);
                    if (!matches(answer, response)) {
                        wrong.add("%s%s: expected %s, answered %s %s"
                                .formatted(token, query, answer, response.status(), response.location()));
                    }
                }
            }
            assertThat(wrong).isEmpty();
        }
    }

    private static Handoff handoff(WebServers servers, int self, Cluster cluster) {
        Clock clock = Clock.systemUTC();
        PeerClient nobody = new PeerClient() {
            @Override
            public PeerReply ask(Node peer, Token token) {
                throw new AssertionError("a ring sends no lookups");
            }

            @Override
            public boolean isUp(Node peer) {
                throw new AssertionError("a ring does not check peers");
            }
        };
        return new Handoff(
                HandoffMode.RING,
                cluster,
                servers.node(self).challenges(),
                nobody,
                new PeerHealth(Duration.ofSeconds(1), clock),
                new LookupBudget(clock),
                clock,
                Optional.empty(),
                HandoffListener.NONE);
    }

    private static boolean matches(Answer answer, WebResponse response) {
        boolean challenge = response.field("Cache-Control").equals(Optional.of("no-store"))
                && response.field("X-Content-Type-Options").equals(Optional.of("nosniff"));
        return challenge
                && switch (answer) {
                    case Answer.Held(var keyAuthorization, var _) ->
                        response.status() == 200
                                && response.body().equals(keyAuthorization.text())
                                && response.field("Content-Type").equals(Optional.of("text/plain"));
                    case Answer.RedirectTo(var location) ->
                        response.status() == 302
                                && response.location()
                                        .map(PrintedRingMatchesHandoffTest::normalized)
                                        .equals(Optional.of(location));
                    case Answer.NotFound() ->
                        response.status() == 404 && response.location().isEmpty();
                    case Answer.Relayed relayed -> false;
                };
    }

    /** The remaining names are passed on as received; every server reads both forms alike. */
    private static String normalized(String location) {
        int query = location.indexOf('?');
        return location.substring(0, query)
                + location.substring(query).replaceAll("%2[cC]", ",").toLowerCase(Locale.ROOT);
    }

    private static Set<String> queries(Cluster cluster) {
        List<String> names = new ArrayList<>();
        names.add(cluster.self().name().value());
        cluster.peers().forEach(peer -> names.add(peer.name().value()));
        Set<String> queries =
                new LinkedHashSet<>(List.of("", "?", "?left", "?left=", "?x=1&left=", "?left=&at=" + names.getLast()));
        orderedLists(names).forEach(list -> queries.add("?left=" + String.join(",", list)));
        for (int count : new int[] {2, 8, 9, 10}) {
            List<String> first = names.stream().limit(count).toList();
            queries.add("?left=" + String.join(",", first));
            queries.add("?left=" + String.join(",", first.reversed()));
            queries.add("?left=" + String.join("%2C", first) + "&x=1");
            queries.add("?left="
                    + String.join(
                            "%2c",
                            first.reversed().stream()
                                    .map(name -> name.toUpperCase(Locale.ROOT))
                                    .toList()));
        }
        queries.addAll(malformedQueries(names.getFirst(), names.get(names.size() / 2), names.getLast()));
        return queries;
    }

    private static List<String> malformedQueries(String self, String other, String last) {
        return List.of(
                        "x=1",
                        "at={s}",
                        "lefty=1",
                        "Left={o}",
                        "x=left",
                        "&&",
                        "a=b&left={o}&at=x",
                        "a={o},{o}&left={o}",
                        "a=left={o}",
                        "left=evil.example.com",
                        "left={o},evil.example.com",
                        "left={s},evil.example.com",
                        "left=evil.example.com,{o}",
                        "left={o},{o}",
                        "left={s},{s}",
                        "left={s},{o},{s}",
                        "left={l},{s},{l}",
                        "left=,",
                        "left={o},",
                        "left=,{o}",
                        "left={o},,{s}",
                        "left={o}&left={s}",
                        "left={o}&left",
                        "left&left={o}",
                        "left=&left=",
                        "left={o}&lefty={s}",
                        "LEFT={s}&left={o}",
                        "left={o}:80",
                        "left={o}.",
                        "left=x{o}",
                        "left={o}x",
                        "left={o}%00",
                        "left={o}%0a",
                        "left={o}%0d%0aX:y",
                        "left=http://{o}/",
                        "left={o}%252C{s}",
                        "left={o}+{s}",
                        "left={o};{s}",
                        "left={o}%26left={s}",
                        "l%65ft={o}",
                        "left=127.0.0.1",
                        "left=*",
                        "left={s}?left={o}")
                .stream()
                .map(query ->
                        "?" + query.replace("{s}", self).replace("{o}", other).replace("{l}", last))
                .toList();
    }

    /**
     * Returns every list of distinct names in every order: of up to four if there are no more names, otherwise of two.
     */
    private static List<List<String>> orderedLists(List<String> names) {
        int longest = names.size() <= 4 ? 4 : 2;
        List<List<String>> all = new ArrayList<>();
        List<List<String>> longer = List.of(List.of());
        for (int length = 1; length <= longest; length++) {
            longer = longer.stream()
                    .flatMap(list -> names.stream()
                            .filter(name -> !list.contains(name))
                            .map(name -> {
                                List<String> more = new ArrayList<>(list);
                                more.add(name);
                                return List.copyOf(more);
                            }))
                    .toList();
            all.addAll(longer);
        }
        return all;
    }
}
