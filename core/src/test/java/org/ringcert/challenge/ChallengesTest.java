package org.ringcert.challenge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

class ChallengesTest {

    private static final Token TOKEN = new Token("evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA");
    private static final KeyAuthorization ANSWER =
            new KeyAuthorization(TOKEN, "9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI");

    @TempDir
    Path directory;

    private Store store;
    private Path served;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private final InstantSource clock = now::get;
    private Challenges challenges;

    @BeforeEach
    void open() throws StoreException {
        store = Store.open(directory, Clock.systemUTC());
        served = store.challenges();
        challenges = new Challenges(store, List.of(), clock);
    }

    private Challenges restarted() {
        return new Challenges(store, List.of(), clock);
    }

    @Test
    void publishesInMemoryAndInAFileReadableByAll() throws IOException, StoreException {
        challenges.publish(ANSWER);
        assertThat(challenges.findInMemory(TOKEN)).contains(ANSWER);
        Path file = served.resolve(TOKEN.value());
        assertThat(file).hasContent(ANSWER.text());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r--r--");
        try (var files = Files.list(served)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aPublishedTokenSurvivesARestart() throws IOException, StoreException {
        challenges.publish(ANSWER);
        assertThat(restarted().find(TOKEN)).contains(ANSWER);
    }

    @Test
    void publishesNothingWhenTheFileCannotBeWritten() throws IOException, StoreException {
        Files.delete(served);
        assertThatThrownBy(() -> challenges.publish(ANSWER))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(served.toString());
        assertThat(challenges.findInMemory(TOKEN)).isEmpty();
    }

    @Test
    void withdrawRemovesFromMemoryAndDiskAtOnce() throws IOException, StoreException {
        challenges.publish(ANSWER);
        challenges.withdraw(TOKEN);
        assertThat(challenges.find(TOKEN)).isEmpty();
        assertThat(served).isEmptyDirectory();
        challenges.withdraw(TOKEN);
    }

    @Test
    void aRetiredTokenStaysPublishedForAMinute() throws IOException, StoreException {
        challenges.publish(ANSWER);
        challenges.retire(TOKEN);
        now.updateAndGet(t -> t.plusSeconds(59));
        challenges.removeExpired();
        assertThat(challenges.findInMemory(TOKEN)).contains(ANSWER);
        assertThat(restarted().find(TOKEN)).contains(ANSWER);
        now.updateAndGet(t -> t.plusSeconds(2));
        assertThat(challenges.findInMemory(TOKEN)).isEmpty();
        challenges.removeExpired();
        assertThat(served).isEmptyDirectory();
        assertThat(challenges.find(TOKEN)).isEmpty();
    }

    @Test
    void theFileOfADeadProcessExpiresAfterEightDays() throws IOException, StoreException {
        challenges.publish(ANSWER);
        now.updateAndGet(t -> t.plus(Duration.ofDays(8)).minusSeconds(60));
        restarted().removeExpired();
        assertThat(restarted().find(TOKEN)).contains(ANSWER);
        now.updateAndGet(t -> t.plusSeconds(120));
        restarted().removeExpired();
        assertThat(served).isEmptyDirectory();
    }

    @Test
    void aTestChallengeOfAProcessThatWasKilledExpiresAfterAnHour() throws IOException, StoreException {
        challenges.publishTest(ANSWER);
        now.updateAndGet(t -> t.plus(Duration.ofHours(1)).minusSeconds(1));
        restarted().removeExpired();
        assertThat(restarted().find(TOKEN)).contains(ANSWER);
        assertThat(challenges.findInMemory(TOKEN)).contains(ANSWER);

        now.updateAndGet(t -> t.plusSeconds(1));
        assertThat(restarted().find(TOKEN)).as("before somebody cleans up").isEmpty();
        assertThat(challenges.find(TOKEN)).isEmpty();
        restarted().removeExpired();
        assertThat(served).isEmptyDirectory();
    }

    @Test
    void aTestChallengeIsPublishedAsOne() throws IOException, StoreException {
        try (TestChallenge challenge = TestChallenge.publish(challenges, new SecureRandom())) {
            Token token = challenge.keyAuthorization().token();
            assertThat(restarted().find(token)).isPresent();
            now.updateAndGet(t -> t.plus(Challenges.TEST_RETENTION));
            assertThat(restarted().find(token)).isEmpty();
        }
    }

    @Test
    void aFileFromTheFutureExpiresEightDaysAfterTheClockIsCorrected() throws IOException, StoreException {
        Instant correct = clock.instant();
        Path file = served.resolve(TOKEN.value());
        now.set(correct.plus(Duration.ofDays(400)));
        challenges.publish(ANSWER);
        Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
        now.set(correct);
        challenges.removeExpired();
        assertThat(restarted().find(TOKEN)).contains(ANSWER);

        now.set(correct.plus(Challenges.RETENTION).minusSeconds(1));
        challenges.removeExpired();
        assertThat(restarted().find(TOKEN)).contains(ANSWER);
        assertThat(challenges.findInMemory(TOKEN)).contains(ANSWER);
        now.set(correct.plus(Challenges.RETENTION));
        challenges.removeExpired();
        assertThat(challenges.findInMemory(TOKEN)).isEmpty();
        assertThat(served).isEmptyDirectory();
    }

    @Test
    void readsOtherProgramsDirectoriesAndLeavesThemAlone(@TempDir Path other) throws IOException, StoreException {
        Files.writeString(other.resolve(TOKEN.value()), ANSWER.text() + "\n");
        Challenges both = new Challenges(store, List.of(served.resolve("not there"), other), clock);
        assertThat(both.find(TOKEN)).contains(ANSWER);
        now.updateAndGet(t -> t.plus(Duration.ofDays(9)));
        both.removeExpired();
        assertThat(other.resolve(TOKEN.value())).exists();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "secret",
                "another-token-than-asked-for.9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI",
                "evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA.short",
                "evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA.9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI\nand more",
            })
    void doesNotServeAFileWithOtherContent(String content) throws IOException, StoreException {
        Files.writeString(served.resolve(TOKEN.value()), content);
        assertThat(challenges.find(TOKEN)).isEmpty();
    }

    @Test
    void doesNotServeAHugeFile() throws IOException, StoreException {
        Files.writeString(served.resolve(TOKEN.value()), ANSWER.text() + "\n".repeat(1024));
        assertThat(challenges.find(TOKEN)).isEmpty();
    }

    @Test
    void doesNotFollowLinksOrServeDirectories(@TempDir Path elsewhere) throws IOException, StoreException {
        Path real = Files.writeString(elsewhere.resolve("real"), ANSWER.text());
        Path link = served.resolve(TOKEN.value());
        Files.createSymbolicLink(link, real);
        assertThat(challenges.find(TOKEN)).isEmpty();
        Files.delete(link);
        Files.createDirectory(link);
        assertThat(challenges.find(TOKEN)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "short",
                "fifteen-chars-x",
                "../../../etc/passwd",
                "aaaaaaaaaaaaaaaa/",
                "aaaaaaaaaaaaaaaa%2f",
                "aaaaaaaaaaaaaaaa.b",
                "aaaaaaaaaaaaaaa\u0000a",
                "aaaaaaaaaaaaaaa\u00e4",
                "aaaaaaaaaaaaaaaa\n",
                " aaaaaaaaaaaaaaaa"
            })
    void rejectsMalformedTokens(String text) {
        assertThat(Token.parse(text)).isEmpty();
    }

    @Test
    void acceptsTokensOf16To256Characters() {
        assertThat(Token.parse("a".repeat(15))).isEmpty();
        assertThat(Token.parse("a".repeat(16))).isPresent();
        assertThat(Token.parse("-_".repeat(128))).isPresent();
        assertThat(Token.parse("a".repeat(257))).isEmpty();
    }

    /** A token may have 256 characters, but a file name only 255 bytes. No CA issues such tokens. */
    @Test
    void refusesToPublishATokenTooLongForAFileName() {
        Token longest = new Token("a".repeat(256));
        assertThatThrownBy(() -> challenges.publish(new KeyAuthorization(longest, ANSWER.thumbprint())))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("too long");
        assertThat(challenges.find(longest)).isEmpty();
        assertThat(served).isEmptyDirectory();
    }
}
