package org.ringcert.issue;

import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.ringcert.acme.Account;
import org.ringcert.acme.AcmeException;
import org.ringcert.acme.Order;
import org.ringcert.store.AuthorityProgress;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.OfferedChains;
import org.ringcert.store.Origin;
import org.ringcert.store.Progress;
import org.ringcert.store.StoreException;

/**
 * Makes an issued certificate the site's current one, unless a test keeps it in its order. The caller holds the site's
 * lock, and does not change the certificate's progress afterwards.
 */
record Installation(
        IssuerContext context,
        CertificateSpec spec,
        CertificateSpec.Source source,
        Account account,
        InstallationTest test) {

    /**
     * Installs the certificate of a valid order.
     *
     * @param key of the order
     * @param progress with the order
     * @throws IssuanceException also if the certificate is kept; the progress says so
     */
    CertificateVersion install(Order order, KeyPair key, Progress progress)
            throws AcmeException, IssuanceException, StoreException {
        Progress.PendingOrder pending = pending(progress);
        ChainDownload.Result download = new ChainFetch(context.authority(), account, spec, source, pending.since())
                .run(order, key.getPublic(), pending.names(), context.clock().instant());
        reportMissingChain(download);
        return install(key, download.certificates(), download.missing(), progress);
    }

    private void reportMissingChain(ChainDownload.Result download) {
        download.missing()
                .ifPresent(offered -> context.listener()
                        .onEvent(
                                spec.name(),
                                new IssuanceEvent.NoChainToRoot(
                                        source.root().orElseThrow(), offered, download.errors())));
    }

    /**
     * Installs the certificate of an earlier attempt that a test has kept. Nothing is asked of the CA.
     *
     * @param progress with the order, which has the chain and its key
     * @throws IssuanceException also if the certificate is still kept
     */
    CertificateVersion installKept(Progress progress) throws IssuanceException, StoreException {
        Progress.PendingOrder pending = pending(progress);
        KeyPair key = pending.key().orElseThrow();
        ChainCheck.check(
                pending.chain(),
                key.getPublic(),
                pending.names(),
                context.clock().instant());
        return install(key, pending.chain(), Optional.empty(), progress);
    }

    /** From here on {@link Progress} has the deployment pending instead of the order. */
    private CertificateVersion install(
            KeyPair key, List<X509Certificate> chain, Optional<OfferedChains> missing, Progress progress)
            throws IssuanceException, StoreException {
        Origin origin = new Origin.IssuedByCa(
                context.authority().directory(),
                Optional.of(account.url()),
                source.profile(),
                pending(progress).names().stream()
                        .filter(spec.site().names()::contains)
                        .toList(),
                pending(progress).names().stream()
                        .filter(name -> !spec.site().names().contains(name))
                        .findFirst(),
                missing);
        // After a crash between the install and the save below, the version is already there.
        Optional<CertificateVersion> installed = context.store()
                .current(spec.name())
                .filter(version -> version.leaf().equals(chain.getFirst()));
        if (installed.isEmpty()) {
            test(key, chain, progress);
        }
        CertificateVersion version =
                installed.isPresent() ? installed.get() : context.store().install(spec.name(), key, chain, origin);
        context.store()
                .saveProgress(
                        spec.name(),
                        progress.installed(
                                context.authority().directory(), context.clock().instant()));
        context.listener().onEvent(spec.name(), new IssuanceEvent.Installed(version));
        return version;
    }

    /**
     * @throws IssuanceException if the certificate is kept. It counts towards the CA's limits, so it is in the pending
     *     order before it is tested, and the next attempt makes no other.
     */
    @SuppressWarnings("ReferenceEquality") // NONE is one object.
    private void test(KeyPair key, List<X509Certificate> chain, Progress progress)
            throws IssuanceException, StoreException {
        if (test == InstallationTest.NONE) {
            return;
        }
        AuthorityProgress atCa = progress.at(context.authority().directory());
        context.store()
                .saveProgress(
                        spec.name(),
                        progress.with(atCa.withOrder(pending(progress).withChain(chain))));
        Optional<String> reason = test.reasonToKeep(key, chain);
        if (reason.isPresent()) {
            throw IssuanceException.certificateKept(reason.get());
        }
    }

    private Progress.PendingOrder pending(Progress progress) {
        return progress.at(context.authority().directory()).order().orElseThrow();
    }
}
