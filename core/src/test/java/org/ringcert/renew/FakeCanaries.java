package org.ringcert.renew;

import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.ringcert.cluster.HostName;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.plan.WindowPlace;
import org.ringcert.plan.WindowShare;
import org.ringcert.store.CertificateVersion;

/** What a test lets this node see of the canary and of its own new certificates. */
final class FakeCanaries implements CanaryView {

    static final HostName SELF = new HostName("web0.example.org");
    static final HostName CANARY = new HostName("web1.example.org");

    volatile WindowPlace place = new WindowPlace(WindowShare.REST, 0.3);
    volatile CanarySight sight = new CanarySight.NothingNew();
    volatile Optional<String> ownProblem = Optional.empty();
    volatile Optional<String> servedProblem = Optional.empty();

    final AtomicInteger shares = new AtomicInteger();
    final AtomicInteger looks = new AtomicInteger();
    final AtomicInteger tests = new AtomicInteger();
    final AtomicInteger testsOfServed = new AtomicInteger();

    @Override
    public HostName self() {
        return SELF;
    }

    @Override
    public WindowPlace place(CertificateSpec spec) {
        shares.incrementAndGet();
        return place;
    }

    @Override
    public CanarySight look(CertificateSpec spec, CertificateVersion present) {
        looks.incrementAndGet();
        return sight;
    }

    @Override
    public Optional<String> test(
            CertificateSpec spec, KeyPair key, List<X509Certificate> chain, CertificateVersion present) {
        tests.incrementAndGet();
        return ownProblem;
    }

    @Override
    public Optional<String> testServed(CertificateSpec spec, CertificateVersion version, CertificateVersion previous) {
        testsOfServed.incrementAndGet();
        return servedProblem;
    }
}
