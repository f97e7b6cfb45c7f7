package org.ringcert.view.look;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.ringcert.view.ca.AddressView;
import org.ringcert.view.ca.HttpsView;
import org.ringcert.view.ca.NameView;
import org.ringcert.view.ca.Problem;
import org.ringcert.view.ca.Walk;
import org.ringcert.view.ca.Walk.Verdict;

/**
 * Feeds arbitrary reports to the node that asked for a look. Whatever a peer reports is about the name and the probe
 * that it was asked about, safe to print, and no larger than what a node writes.
 */
class LookJsonFuzz {

    @FuzzTest
    void read(byte[] input) {
        String report = new String(input, StandardCharsets.ISO_8859_1);
        Optional<NameView> view = tryRead(report);
        view.ifPresent(LookJsonFuzz::check);
        // What was read is written, and read again, without a difference: texts that are cut stay as they are.
        view.filter(LookJsonFuzz::hasShortTexts)
                .ifPresent(each -> assertThat(tryRead(LookJson.write(each))).contains(each));
    }

    private static Optional<NameView> tryRead(String report) {
        try {
            return Optional.of(LookJson.read(report, SampleViews.SITE, SampleViews.PROBE));
        } catch (LookFormatException e) {
            assertThat(e.getMessage()).matches("[ -~]+");
            return Optional.empty();
        }
    }

    private static boolean hasShortTexts(NameView view) {
        return texts(view).allMatch(text -> text.length() < 100) && view.views().size() < 10;
    }

    private static void check(NameView view) {
        assertThat(view.name()).isEqualTo(SampleViews.SITE);
        assertThat(LookJson.write(view)).matches("[ -~]+").hasSizeLessThanOrEqualTo(LookJson.MAX_BYTES);
        assertThat(texts(view)).allSatisfy(text -> {
            assertThat(text.codePointCount(0, text.length())).isLessThanOrEqualTo(LookJson.MAX_TEXT + 3);
            assertThat(text.codePoints()).noneMatch(LookJsonFuzz::movesTheCursor);
        });
        for (AddressView each : view.views()) {
            if (each.walk().verdict() instanceof Verdict.Accepted(var answer)) {
                assertThat(answer).isEqualTo(SampleViews.PROBE);
            }
            each.walk().hops().forEach(hop -> {
                assertThat(hop.url()).matches("[!-~]*");
                assertThat(hop.time()).isBetween(Duration.ZERO, Duration.ofMinutes(10));
                hop.status().ifPresent(status -> assertThat(status).isBetween(100, 999));
            });
        }
    }

    /** Written in another way than the program, so that a mistake is not made twice. */
    private static boolean movesTheCursor(int character) {
        return character < 0x20
                || (character >= 0x7f && character < 0xa0)
                || (character >= 0x200b && character <= 0x200f)
                || (character >= 0x2028 && character <= 0x202e)
                || (character >= 0x2066 && character <= 0x2069)
                || (character >= 0xd800 && character <= 0xdfff);
    }

    private static Stream<String> texts(NameView view) {
        return Stream.concat(
                Stream.concat(view.problems().stream(), view.warnings().stream())
                        .flatMap(LookJsonFuzz::texts),
                view.views().stream().flatMap(LookJsonFuzz::texts));
    }

    private static Stream<String> texts(Problem problem) {
        return Stream.of(problem.what(), problem.caSays(), problem.remedy());
    }

    private static Stream<String> texts(AddressView view) {
        Walk walk = view.walk();
        Stream<String> verdict = switch (walk.verdict()) {
            case Verdict.Accepted _ -> Stream.of();
            case Verdict.Refused(Problem problem) -> texts(problem);
            case Verdict.Undecided(String reason, String remedy) -> Stream.of(reason, remedy);
        };
        Stream<String> https = switch (view.https()) {
            case HttpsView.Certificate certificate -> Stream.of(certificate.serial(), certificate.issuer());
            case HttpsView.None(String reason) -> Stream.of(reason);
            case HttpsView.NotSeen() -> Stream.of();
        };
        return Stream.of(
                        walk.hops().stream().map(Walk.Hop::url),
                        walk.warnings().stream().flatMap(LookJsonFuzz::texts),
                        verdict,
                        https)
                .flatMap(each -> each);
    }
}
