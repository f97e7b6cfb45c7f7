package org.ringcert.store;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.Site;
import org.ringcert.pki.KeyType;

/** A separate process that uses a store, for tests that need one. */
final class StoreProgram {

    /** The exit status if another process holds the lock. */
    static final int LOCK_NOT_ACQUIRED = 3;

    private StoreProgram() {}

    /**
     * Starts the program.
     *
     * @param action what it does; except for "everything", it prints "ready" once it holds the site's lock
     */
    static Process start(String umask, String action, Path directory) throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "umask " + umask + "; exec \"$0\" \"$@\""));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp"));
        command.add(System.getProperty("java.class.path"));
        command.addAll(List.of(StoreProgram.class.getName(), action, directory.toString()));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    static void awaitReady(Process process) throws IOException {
        String line = process.inputReader().readLine();
        if (!"ready".equals(line)) {
            throw new IllegalStateException("the other process printed " + line);
        }
    }

    public static void main(String[] arguments) throws Exception {
        Store store = Store.open(Path.of(arguments[1]), Clock.fixed(Sample.NOW, ZoneOffset.UTC));
        switch (arguments[0]) {
            case "everything" -> writeEverything(store);
            case "lock" -> {
                Optional<Store.Lock> site = store.tryLock(Sample.SITE);
                if (site.isEmpty()) {
                    System.exit(LOCK_NOT_ACQUIRED);
                }
                Store.Lock account = store.accounts().lock(Sample.CA);
                System.out.println("ready");
                awaitEndOfInput();
                account.close();
                site.get().close();
            }
            case "install forever" -> {
                Store.Lock _ = store.tryLock(Sample.SITE).orElseThrow();
                System.out.println("ready");
                while (true) {
                    Sample.install(store);
                }
            }
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    /** Creates every kind of file that a store can contain. */
    static void writeEverything(Store store) throws StoreException {
        try (Store.Lock _ = store.tryLock(Sample.SITE).orElseThrow();
                Store.Lock _ = store.accounts().lock(Sample.CA)) {
            store.ensureSelfSigned(
                    CertificateName.first(Sample.SITE),
                    new Site(List.of(Sample.SITE)),
                    KeyType.EC256,
                    new SecureRandom());
            Sample.install(store);
            store.accounts()
                    .save(Sample.CA, new StoredAccount(Sample.key(), Optional.of(Sample.CA.resolve("/account/1"))));
            store.accounts()
                    .save(Sample.CA, new StoredAccount(Sample.key(), Optional.of(Sample.CA.resolve("/account/2"))));
            Progress.PendingOrder order = new Progress.PendingOrder(
                    Sample.CA.resolve("/account/2"),
                    Sample.CA.resolve("/order/3"),
                    Optional.empty(),
                    List.of(Sample.SITE),
                    Optional.empty(),
                    KeyType.EC256,
                    Optional.of(Sample.key()),
                    Sample.NOW);
            store.saveProgress(
                    CertificateName.first(Sample.SITE),
                    Progress.NONE.with(Progress.NONE.at(Sample.CA).withOrder(order)));
        }
    }

    private static void awaitEndOfInput() throws IOException {
        while (System.in.read() >= 0) {
            // The test closes it.
        }
    }
}
