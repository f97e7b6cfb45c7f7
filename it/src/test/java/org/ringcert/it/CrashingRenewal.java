package org.ringcert.it;

import java.net.URI;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ringcert.acme.Account;
import org.ringcert.acme.AccountStatus;
import org.ringcert.acme.AcmeException;
import org.ringcert.acme.Authorization;
import org.ringcert.acme.CertificateAuthority;
import org.ringcert.acme.Challenge;
import org.ringcert.acme.NewOrder;
import org.ringcert.acme.Order;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.LocalNode;
import org.ringcert.daemon.config.ConfigurationLoader;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.renew.RenewalMode;

/**
 * {@code ringcert renew SITE} as a process that ends in the middle, without a word and without a hook, as by
 * {@code kill -9}: before or after a certain call to the CA, or in a certain step.
 */
final class CrashingRenewal {

    /** What a process that was killed is seen to end with. */
    static final int KILLED = 137;

    private CrashingRenewal() {}

    /**
     * Renews one site until it ends.
     *
     * @param arguments configuration, node, store, site, and where to end: {@code before respond 2}, {@code after order
     *     1}, {@code in Ordered 1}
     */
    public static void main(String[] arguments) throws Exception {
        LocalNode node = new LocalNode(
                ConfigurationLoader.load(Path.of(arguments[0])).withStore(Path.of(arguments[2])),
                new HostName(arguments[1]));
        List<CertificateSpec> specs = node.specs().stream()
                .filter(spec -> spec.site().name().value().equals(arguments[3]))
                .toList();
        Trap trap = new Trap(arguments[4]);
        try (CertificateAuthority authority = new Trapped(node.connectToCa(), trap)) {
            node.renewals(
                            authority,
                            (_, step) -> trap.reached("in", step.getClass().getSimpleName()))
                    .pass(specs, RenewalMode.DUE_ONLY)
                    .forEach(System.out::println);
        }
    }

    private static final class Trap {
        private final String end;
        private final Map<String, Integer> counts = new HashMap<>();

        Trap(String end) {
            this.end = end;
        }

        synchronized void reached(String when, String what) {
            String place = when + " " + what;
            if (end.equals(place + " " + counts.merge(place, 1, Integer::sum))) {
                Runtime.getRuntime().halt(KILLED);
            }
        }

        <T> T around(String what, Call<T> call) throws AcmeException {
            reached("before", what);
            T result = call.run();
            reached("after", what);
            return result;
        }
    }

    private interface Call<T> {
        T run() throws AcmeException;
    }

    private record Trapped(CertificateAuthority real, Trap trap) implements CertificateAuthority {

        @Override
        public URI directory() {
            return real.directory();
        }

        @Override
        public List<String> profiles() throws AcmeException {
            return real.profiles();
        }

        @Override
        public Account register(KeyPair key, Optional<String> contact) throws AcmeException {
            return trap.around("register", () -> real.register(key, contact));
        }

        @Override
        public AccountStatus accountStatus(KeyPair key) throws AcmeException {
            return trap.around("status", () -> real.accountStatus(key));
        }

        @Override
        public Order newOrder(Account account, NewOrder wanted) throws AcmeException {
            return trap.around("order", () -> real.newOrder(account, wanted));
        }

        @Override
        public Order fetchOrder(Account account, URI order) throws AcmeException {
            return trap.around("look", () -> real.fetchOrder(account, order));
        }

        @Override
        public Authorization fetchAuthorization(Account account, URI authorization) throws AcmeException {
            return trap.around("authorization", () -> real.fetchAuthorization(account, authorization));
        }

        @Override
        public void respond(Account account, Challenge challenge) throws AcmeException {
            boolean _ = trap.around("respond", () -> {
                real.respond(account, challenge);
                return true;
            });
        }

        @Override
        public Authorization awaitValidation(Account account, URI authorization) throws AcmeException {
            return trap.around("awaitValidation", () -> real.awaitValidation(account, authorization));
        }

        @Override
        public Order finalizeOrder(Account account, Order order, byte[] request) throws AcmeException {
            return trap.around("finalize", () -> real.finalizeOrder(account, order, request));
        }

        @Override
        public Order awaitStatusChange(Account account, URI order, Order.Status current) throws AcmeException {
            return trap.around("await", () -> real.awaitStatusChange(account, order, current));
        }

        @Override
        public List<X509Certificate> downloadCertificate(Account account, Order order) throws AcmeException {
            return trap.around("certificate", () -> real.downloadCertificate(account, order));
        }

        @Override
        public void close() {
            real.close();
        }
    }
}
