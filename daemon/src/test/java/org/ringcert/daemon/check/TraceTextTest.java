package org.ringcert.daemon.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.check.TraceReport.TracedWalk;
import org.ringcert.view.ca.Walk;
import org.ringcert.view.ca.Walk.Verdict;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TraceTextTest {

    private static final TracedWalk ACCEPTED = traced(
            "www.example.org at 192.0.2.1",
            new Verdict.Accepted(new KeyAuthorization(
                    new Token("evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA"),
                    "9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI")));
    private static final TracedWalk UNDECIDED = traced(
            "www.example.org at [2001:db8::1]",
            new Verdict.Undecided("this machine has no route to 2001:db8::1", "Try elsewhere."));

    @Test
    void anAddressThatWasNotTriedIsAWarningInTextAndJson() {
        TraceReport report = report(UNDECIDED, ACCEPTED);

        assertThat(report.isAnswered()).isTrue();
        assertThat(TraceText.of(report))
                .contains(
                        "warning: not tried from here: this machine has no route to 2001:db8::1",
                        "what to do: Try elsewhere.",
                        "nothing is known of www.example.org at [2001:db8::1].");
        JsonNode json = new JsonMapper().readTree(TraceJson.of(report));
        assertThat(json.get("answered").booleanValue()).isTrue();
        assertThat(json.get("notTried").toString()).isEqualTo("[\"www.example.org at [2001:db8::1]\"]");
    }

    @Test
    void nothingTriedIsNotAnswered() {
        assertThat(report(UNDECIDED).isAnswered()).isFalse();
        assertThat(TraceText.of(report(UNDECIDED))).doesNotContain("would accept");
    }

    @Test
    void whatWasTriedEverywhereHasNoWarning() {
        assertThat(TraceText.of(report(ACCEPTED))).doesNotContain("not tried", "nothing is known");
        assertThat(new JsonMapper()
                        .readTree(TraceJson.of(report(ACCEPTED)))
                        .get("notTried")
                        .size())
                .isZero();
    }

    private static TraceReport report(TracedWalk... walks) {
        return new TraceReport(
                new HostName("web0.example.org"),
                "www.example.org",
                Stream.of(walks).toList(),
                List.of());
    }

    private static TracedWalk traced(String start, Verdict verdict) {
        return new TracedWalk(start, new Walk(List.of(), verdict, List.of()));
    }
}
