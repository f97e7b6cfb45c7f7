package org.ringcert.daemon.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ringcert.daemon.check.ForecastTest.accepted;
import static org.ringcert.daemon.check.ForecastTest.at;
import static org.ringcert.daemon.check.ForecastTest.undecided;
import static org.ringcert.daemon.check.ForecastTest.view;

import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.config.BeforeOrder;
import org.ringcert.issue.Preflight.Result;
import org.ringcert.view.ca.Viewpoint;
import org.ringcert.view.ca.ViewpointReply;
import org.ringcert.view.look.LookService.NameObserver;

class ViewpointPreflightTest extends ViewpointPreflightTestBase {

    @Test
    void allNamesAreSeenFromHereAndNoPeerIsAskedIfAllIsWell() throws Exception {
        assertThat(look(3, BeforeOrder.POSTPONE, here(ViewpointPreflightTest::well), peer(name -> seen(well(name)))))
                .isEqualTo(new Result.Proceed());

        assertThat(seenFromHere)
                .containsExactlyInAnyOrderElementsOf(spec(3).site().names());
        assertThat(seenFromPeers).isEmpty();
    }

    @Test
    void nothingIsPublishedOrSeenIfItIsSwitchedOff() throws Exception {
        assertThat(look(1, BeforeOrder.OFF, here(ViewpointPreflightTest::dead))).isEqualTo(new Result.Proceed());

        assertThat(seenFromHere).isEmpty();
    }

    @Test
    void aPeerThatSucceedsIsEnoughWhereThisServerDoesNotSeeItself() throws Exception {
        assertThat(look(
                        1,
                        BeforeOrder.POSTPONE,
                        here(ViewpointPreflightTest::dead),
                        peer(_ -> new ViewpointReply.NoReply("no answer within 4 s")),
                        peer(name -> seen(well(name)))))
                .isEqualTo(new Result.Proceed());
    }

    @Test
    void postponesIfNobodySucceeds() throws Exception {
        Result result =
                look(1, BeforeOrder.POSTPONE, here(ViewpointPreflightTest::dead), peer(name -> seen(dead(name))));

        assertThat(result)
                .isEqualTo(new Result.Postpone("name0.example.org at 192.0.2.1: nothing answers."
                        + " The CA would say: Timeout during connect. Open port 80."));
    }

    @Test
    void peersThatCannotLookOrDoNotReplyDoNotCount() throws Exception {
        Result result = look(
                1,
                BeforeOrder.POSTPONE,
                here(ViewpointPreflightTest::dead),
                peer(_ -> new ViewpointReply.CannotLook("status 302")),
                peer(_ -> new ViewpointReply.NoReply("no answer within 4 s")));

        assertThat(result)
                .isInstanceOfSatisfying(
                        Result.Postpone.class,
                        postpone -> assertThat(postpone.reason()).contains("Open port 80.", "No other server"));
    }

    @Test
    void warnsAndOrdersIfSoConfigured() throws Exception {
        assertThat(look(1, BeforeOrder.WARN, here(ViewpointPreflightTest::dead)))
                .isInstanceOfSatisfying(
                        Result.ProceedWithWarning.class,
                        warning -> assertThat(warning.warning())
                                .contains("will probably fail", "Open port 80.", "`before-order` in [check]"));
    }

    @Test
    void warnsAndOrdersIfNobodyCouldTryAnAddress() throws Exception {
        NameObserver here = here(name -> view(name, at("2001:db8::1", undecided()), at(ADDRESS, accepted())));
        assertThat(look(1, BeforeOrder.POSTPONE, here, peer(_ -> new ViewpointReply.CannotLook("status 404"))))
                .isInstanceOfSatisfying(
                        Result.ProceedWithWarning.class,
                        warning -> assertThat(warning.warning()).contains("may fail", "Nobody could try"));
    }

    @Test
    void aHundredNamesBehindNatAreAllSeenFromAPeerFourAtATime() throws Exception {
        Set<String> tokens = ConcurrentHashMap.newKeySet();
        NameObserver here = here(ViewpointPreflightTest::dead);
        Viewpoint peer = peer(name -> seen(well(name)));
        Viewpoint notingPeer = new Viewpoint() {
            @Override
            public HostName node() {
                return peer.node();
            }

            @Override
            public ViewpointReply look(HostName name, KeyAuthorization probe) {
                tokens.add(probe.token().value());
                return peer.look(name, probe);
            }
        };

        assertThat(look(100, BeforeOrder.POSTPONE, here, notingPeer)).isEqualTo(new Result.Proceed());

        assertThat(seenFromPeers).hasSize(100);
        assertThat(tokens).hasSize(4);
    }

    @Test
    void silentPeersAreAskedAboutFourNamesOnly() throws Exception {
        NameObserver here = here(name -> view(name, at("2001:db8::1", undecided()), at(ADDRESS, accepted())));

        assertThat(look(100, BeforeOrder.POSTPONE, here, peer(_ -> new ViewpointReply.NoReply("silent"))))
                .isInstanceOfSatisfying(
                        Result.ProceedWithWarning.class,
                        warning -> assertThat(warning.warning()).hasSizeLessThan(1000));

        assertThat(seenFromPeers).hasSize(4);
    }

    @Test
    void aNameThatFailsEndsTheLookAndTheOthersAreCounted() throws Exception {
        assertThat(look(100, BeforeOrder.POSTPONE, here(ViewpointPreflightTest::dead), peer(name -> seen(dead(name)))))
                .isInstanceOfSatisfying(
                        Result.Postpone.class,
                        postpone -> assertThat(postpone.reason())
                                .startsWith("name0.example.org")
                                .doesNotContain("name1.example.org")
                                .endsWith(" At least 3 other names fail, too; `ringcert check` lists all problems."));

        assertThat(seenFromPeers).hasSize(4);
    }

    @Test
    void aBugInALookIsNotTakenForAVerdict() {
        assertThatThrownBy(() -> look(1, BeforeOrder.POSTPONE, (_, _, _, _) -> {
                    throw new IllegalStateException("unexpected");
                }))
                .hasRootCauseMessage("unexpected");
    }

    @Test
    void anInterruptEndsTheLook() throws Exception {
        CountDownLatch looking = new CountDownLatch(1);
        ViewpointPreflight preflight = new ViewpointPreflight(
                challenges,
                new SecureRandom(),
                views((name, _, _, _) -> {
                    looking.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return dead(name);
                }),
                _ -> Optional.empty(),
                _ -> BeforeOrder.POSTPONE);
        List<Boolean> interrupted = new CopyOnWriteArrayList<>();
        Thread thread = Thread.ofVirtual().start(() -> {
            preflight.look(spec(1), SOURCE);
            interrupted.add(Thread.currentThread().isInterrupted());
        });
        looking.await();

        thread.interrupt();
        thread.join();

        assertThat(interrupted).containsExactly(true);
        try (var files = Files.list(folder.resolve("store/challenges"))) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void aStoreThatCannotBeWrittenIsLeftToTheOrderToReport() throws Exception {
        Files.delete(folder.resolve("store/challenges"));
        Files.writeString(folder.resolve("store/challenges"), "in the way");

        assertThat(new ViewpointPreflight(
                                challenges,
                                new SecureRandom(),
                                views(here(ViewpointPreflightTest::dead)),
                                _ -> Optional.empty(),
                                _ -> BeforeOrder.POSTPONE)
                        .look(spec(1), SOURCE))
                .isEqualTo(new Result.Proceed());
    }
}
