package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ringcert.acme.Account;
import org.ringcert.acme.AccountDetails;
import org.ringcert.acme.AccountLookup;
import org.ringcert.acme.AcmeException;
import org.ringcert.acme.Authorization;
import org.ringcert.acme.CaInformation;
import org.ringcert.acme.CertificateAuthority;
import org.ringcert.acme.CertificateId;
import org.ringcert.acme.Challenge;
import org.ringcert.acme.IssuedChain;
import org.ringcert.acme.NewAccount;
import org.ringcert.acme.NewOrder;
import org.ringcert.acme.Order;
import org.ringcert.acme.Registration;
import org.ringcert.acme.RenewalInfo;
import org.ringcert.acme.RevocationReason;
import org.ringcert.acme.RevocationResult;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.CaConnections;
import org.ringcert.daemon.LocalNode;
import org.ringcert.daemon.config.ConfigurationLoader;
import org.ringcert.demo.ChildProcess;
import org.ringcert.demo.NodeProcess;
import org.ringcert.issue.AccountEvent;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.IssuanceEvent;
import org.ringcert.issue.IssuanceListener;
import org.ringcert.renew.RenewalMode;
import org.ringcert.store.CertificateName;

/**
 * {@code ringcert renew SITE} as a process that halts at a given point, as if by {@code kill -9}: it writes nothing and
 * runs no shutdown hook. The point is before or after a given call to the CA, or at a given event.
 */
public final class CrashingRenewal {

    /** The exit status of a process that was killed with SIGKILL. */
    private static final int KILLED = 137;

    private CrashingRenewal() {}

    /**
     * Starts such a process.
     *
     * @param folder for its output
     * @param ca the directory of the CA whose calls count
     */
    static ChildProcess start(Testbed testbed, Path folder, int node, int site, String point, URI ca)
            throws IOException {
        String name = testbed.cluster().sites().get(site).toString();
        return start(
                NodeJvm.flags(PebbleRelease.INSTALLED.binaries()),
                List.of(
                        testbed.cluster().configuration().toString(),
                        testbed.cluster().node(node).value(),
                        testbed.cluster().store(node).toString(),
                        name,
                        point,
                        ca.toString()),
                folder.resolve("crash-" + node + "-" + site));
    }

    /**
     * Starts such a process.
     *
     * @param arguments as for {@link #main}
     */
    public static ChildProcess start(List<String> jvmFlags, List<String> arguments, Path output) throws IOException {
        List<String> command = NodeProcess.java(jvmFlags, CrashingRenewal.class.getName(), arguments);
        return ChildProcess.start(arguments.get(4), command, Map.of(), output);
    }

    /** Waits until the process has halted at its point. */
    public static void awaitCrash(ChildProcess process) throws IOException {
        assertThat(process.awaitExit(Testbed.TIMEOUT)).as(process.output()).isEqualTo(KILLED);
    }

    /**
     * Renews one site and halts at the given point.
     *
     * @param arguments configuration, node, store, site, the point: {@code before respond 2}, {@code after order 1},
     *     {@code in Ordered 1}, and the directory of the CA whose calls count
     */
    public static void main(String[] arguments) throws Exception {
        LocalNode node = new LocalNode(
                ConfigurationLoader.load(Path.of(arguments[0])).withStore(Path.of(arguments[2])),
                new HostName(arguments[1]));
        List<CertificateSpec> specs = node.specs().stream()
                .filter(spec -> spec.site().name().value().equals(arguments[3]))
                .toList();
        CrashPoint point = new CrashPoint(arguments[4]);
        try (CaConnections real = node.connectToCas()) {
            CaConnections crashing = new CaConnections(real.authorities().stream()
                    .map(authority -> authority.directory().toString().equals(arguments[5])
                            ? new CrashingAuthority(authority, point)
                            : authority)
                    .toList());
            node.renewals(crashing, new CrashingListener(point))
                    .pass(specs, RenewalMode.DUE_ONLY)
                    .forEach(System.out::println);
        }
    }

    private record CrashingListener(CrashPoint point) implements IssuanceListener {

        @Override
        public void onEvent(CertificateName name, IssuanceEvent event) {
            point.reached("in", event.getClass().getSimpleName());
        }

        @Override
        public void onAccountEvent(URI directory, AccountEvent event) {
            point.reached("in", event.getClass().getSimpleName());
        }
    }

    private static final class CrashPoint {
        private final String expected;
        private final Map<String, Integer> counts = new HashMap<>();

        CrashPoint(String expected) {
            this.expected = expected;
        }

        synchronized void reached(String when, String what) {
            String current = when + " " + what;
            if (expected.equals(current + " " + counts.merge(current, 1, Integer::sum))) {
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

    private record CrashingAuthority(CertificateAuthority real, CrashPoint point) implements CertificateAuthority {

        @Override
        public URI directory() {
            return real.directory();
        }

        @Override
        public List<String> profiles() throws AcmeException {
            return real.profiles();
        }

        @Override
        public Registration register(KeyPair key, NewAccount request) throws AcmeException {
            return point.around("register", () -> real.register(key, request));
        }

        @Override
        public AccountLookup lookUpAccount(KeyPair key) throws AcmeException {
            return point.around("lookUp", () -> real.lookUpAccount(key));
        }

        @Override
        public AccountDetails accountDetails(Account account) throws AcmeException {
            return real.accountDetails(account);
        }

        @Override
        public AccountDetails updateContact(Account account, Optional<String> contact) throws AcmeException {
            return real.updateContact(account, contact);
        }

        @Override
        public void changeKey(Account account, KeyPair next) throws AcmeException {
            point.around("changeKey", () -> {
                real.changeKey(account, next);
                return next;
            });
        }

        @Override
        public void deactivate(Account account) throws AcmeException {
            real.deactivate(account);
        }

        @Override
        public boolean hasRenewalInfo() throws AcmeException {
            return real.hasRenewalInfo();
        }

        @Override
        public CaInformation information() throws AcmeException {
            return real.information();
        }

        @Override
        public Order newOrder(Account account, NewOrder wanted) throws AcmeException {
            return point.around("order", () -> real.newOrder(account, wanted));
        }

        @Override
        public Order fetchOrder(Account account, URI order) throws AcmeException {
            return point.around("look", () -> real.fetchOrder(account, order));
        }

        @Override
        public Authorization fetchAuthorization(Account account, URI authorization) throws AcmeException {
            return point.around("authorization", () -> real.fetchAuthorization(account, authorization));
        }

        @Override
        public Challenge respond(Account account, Challenge challenge) throws AcmeException {
            return point.around("respond", () -> real.respond(account, challenge));
        }

        @Override
        public Authorization awaitValidation(Account account, URI authorization) throws AcmeException {
            return point.around("awaitValidation", () -> real.awaitValidation(account, authorization));
        }

        @Override
        public Order finalizeOrder(Account account, Order order, byte[] request) throws AcmeException {
            return point.around("finalize", () -> real.finalizeOrder(account, order, request));
        }

        @Override
        public Order awaitStatusChange(Account account, URI order, Order.Status current) throws AcmeException {
            return point.around("await", () -> real.awaitStatusChange(account, order, current));
        }

        @Override
        public IssuedChain downloadCertificate(Account account, Order order) throws AcmeException {
            return point.around("certificate", () -> real.downloadCertificate(account, order));
        }

        @Override
        public List<X509Certificate> downloadAlternate(Account account, URI alternate) throws AcmeException {
            return point.around("alternate", () -> real.downloadAlternate(account, alternate));
        }

        @Override
        public Optional<RenewalInfo> renewalInfo(CertificateId certificate) throws AcmeException {
            return point.around("renewalInfo", () -> real.renewalInfo(certificate));
        }

        @Override
        public RevocationResult revoke(Account account, X509Certificate certificate, RevocationReason reason)
                throws AcmeException {
            return point.around("revoke", () -> real.revoke(account, certificate, reason));
        }

        @Override
        public RevocationResult revoke(KeyPair certificateKey, X509Certificate certificate, RevocationReason reason)
                throws AcmeException {
            return point.around("revoke", () -> real.revoke(certificateKey, certificate, reason));
        }

        @Override
        public void close() {
            real.close();
        }
    }
}
