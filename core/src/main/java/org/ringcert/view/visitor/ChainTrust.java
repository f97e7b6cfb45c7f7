package org.ringcert.view.visitor;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.ringcert.pki.RootBundle;
import org.ringcert.pki.SystemRoots;

/**
 * Decides whether the certificates that a server presents lead to a trusted root, as a browser does: their order does
 * not matter, nor do superfluous ones, and of several ways one is enough. Nothing is fetched, and nobody is asked
 * whether a certificate has been revoked. Thread-safe.
 */
public final class ChainTrust {

    private final Supplier<RootBundle> source;
    private @Nullable RootBundle roots;

    private ChainTrust(Supplier<RootBundle> source) {
        this.source = source;
    }

    /** Creates an object that trusts these roots only. */
    public static ChainTrust of(List<X509Certificate> roots) {
        RootBundle bundle = RootBundle.of(roots);
        return new ChainTrust(() -> bundle);
    }

    /**
     * Creates an object that trusts the roots that the system trusts, else those of the Java runtime. They are read
     * once, when the first chain is verified.
     *
     * @param environment the process's environment variables, which may name a file of roots
     * @param others more roots to trust
     */
    public static ChainTrust ofSystem(Map<String, String> environment, List<X509Certificate> others) {
        RootBundle bundle = RootBundle.of(others);
        return new ChainTrust(
                () -> bundle.and(SystemRoots.find(environment).orElseGet(ChainTrust::rootsOfJavaRuntime)));
    }

    private static RootBundle rootsOfJavaRuntime() {
        try {
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init((KeyStore) null);
            for (TrustManager manager : managers.getTrustManagers()) {
                if (manager instanceof X509TrustManager x509) {
                    return RootBundle.of(Arrays.asList(x509.getAcceptedIssuers()));
                }
            }
            return RootBundle.of(List.of());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no trusted certificates", e);
        }
    }

    /**
     * Verifies a chain. The dates of its leaf do not matter.
     *
     * @param chain what a server presents: its own certificate first, then any others
     */
    ChainVerdict verify(List<X509Certificate> chain, Instant now) {
        return new ChainSearch(roots(), chain, now).verdict();
    }

    private synchronized RootBundle roots() {
        RootBundle known = roots;
        if (known == null) {
            known = source.get();
            roots = known;
        }
        return known;
    }
}
