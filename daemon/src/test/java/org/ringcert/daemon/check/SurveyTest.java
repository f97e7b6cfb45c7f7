package org.ringcert.daemon.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.HostName;
import org.ringcert.view.ca.Viewpoint;
import org.ringcert.view.ca.ViewpointReply;

class SurveyTest extends CheckFixture {

    private static final List<KeyAuthorization> PROBES = IntStream.range(0, 4)
            .mapToObj(i -> new KeyAuthorization(new Token("probe-" + i + "-".repeat(30)), "a".repeat(43)))
            .toList();

    @Test
    void everyViewpointLooksAtEveryNameAndTheOthersOnlyWhereTheyShould() throws Exception {
        try (Survey survey = Survey.start(
                List.of(viewpoint(WEB0, CheckFixture::allWell), viewpoint(WEB1, CheckFixture::allWell)),
                List.of(WWW, SHOP),
                List.of(WEB2),
                PROBES,
                CheckProgress.NONE)) {
            assertThat(survey.of(WWW)).extracting(Sighting::viewpoint).containsExactly(WEB0, WEB1);
            assertThat(survey.of(WEB2)).extracting(Sighting::viewpoint).containsExactly(WEB0);
            assertThat(survey.all()).hasSize(5);
        }
    }

    @Test
    void aViewpointLooksFourTimesAtATimeAndOnceForEachToken() throws Exception {
        List<HostName> names = names(40);
        Set<Token> inUse = ConcurrentHashMap.newKeySet();
        AtomicInteger conflicts = new AtomicInteger();
        CountDownLatch fourAreLooking = new CountDownLatch(4);
        Viewpoint viewpoint = new Viewpoint() {
            @Override
            public HostName node() {
                return WEB1;
            }

            @Override
            public ViewpointReply look(HostName name, KeyAuthorization probe) {
                if (!inUse.add(probe.token())) {
                    conflicts.incrementAndGet();
                }
                fourAreLooking.countDown();
                await(fourAreLooking);
                inUse.remove(probe.token());
                return seen(name, accepted(IP0));
            }
        };
        AtomicInteger progress = new AtomicInteger();
        try (Survey survey =
                Survey.start(List.of(viewpoint), names, List.of(), PROBES, (_, _) -> progress.incrementAndGet())) {
            assertThat(survey.all()).hasSize(40);
        }
        assertThat(conflicts).hasValue(0);
    }

    @Test
    void aViewpointThatNeverRepliesIsSoonGivenUp() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        Viewpoint silent = viewpoint(WEB1, (_, _) -> {
            asked.incrementAndGet();
            return new ViewpointReply.NoReply("no answer within 4 s");
        });
        try (Survey survey = Survey.start(List.of(silent), names(100), List.of(), PROBES, CheckProgress.NONE)) {
            assertThat(survey.all())
                    .hasSize(100)
                    .allSatisfy(sighting ->
                            assertThat(sighting.reply()).isEqualTo(new ViewpointReply.NoReply("no answer within 4 s")));
        }
        assertThat(asked.get()).isBetween(4, 8);
    }

    private static List<HostName> names(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new HostName("site" + i + ".example.org"))
                .toList();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
