package org.ringcert.issue;

import java.net.URI;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ringcert.acme.Account;
import org.ringcert.acme.AcmeException;
import org.ringcert.acme.CertificateAuthority;
import org.ringcert.acme.IssuedChain;
import org.ringcert.acme.Order;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.RootName;
import org.ringcert.store.OfferedChains;

/**
 * Downloads an issued certificate and chooses among the chains that the CA offers for it (RFC 8555, section 7.4.2). The
 * certificate already counts towards the CA's limits, so a chain that cannot be had does not lose it.
 *
 * @param root the name of the root that the chain should lead to; empty for the CA's default chain
 */
record ChainDownload(CertificateAuthority authority, Account account, Optional<String> root) {

    /**
     * What is expected of each chain. See {@link ChainCheck}.
     *
     * @param key the key of the certificate request
     * @param names the names that were ordered
     */
    record Expected(PublicKey key, List<HostName> names, Instant now) {

        void check(List<X509Certificate> chain) throws IssuanceException {
            ChainCheck.check(chain, key, names, now);
        }
    }

    /**
     * A checked chain.
     *
     * @param certificates leaf first
     * @param missing what the CA offers, if none of it leads to the root; this is its default chain then
     * @param errors why chains could not be used, a sentence each
     */
    record Result(List<X509Certificate> certificates, Optional<OfferedChains> missing, List<String> errors) {}

    /**
     * Returns the chain whose root has the wanted name. If there is none, returns one in which a CA of that name has
     * issued any certificate, such as a cross-signed root; failing that, the default chain. Alternate chains are
     * downloaded only if the default chain has another root.
     *
     * @throws AcmeException if the default chain cannot be downloaded
     * @throws IssuanceException if the default chain is not what was ordered
     */
    Result run(Order order, Expected expected) throws AcmeException, IssuanceException {
        IssuedChain issued = authority.downloadCertificate(account, order);
        expected.check(issued.certificates());
        if (root.isEmpty() || RootName.isRoot(issued.certificates(), root.get())) {
            return new Result(issued.certificates(), Optional.empty(), List.of());
        }
        return choose(issued, expected, root.get());
    }

    private Result choose(IssuedChain issued, Expected expected, String name) throws AcmeException {
        List<List<X509Certificate>> usable = new ArrayList<>(List.of(issued.certificates()));
        List<String> errors = new ArrayList<>();
        for (URI url : issued.alternates()) {
            try {
                List<X509Certificate> alternate = authority.downloadAlternate(account, url);
                checkSameCertificate(alternate, issued);
                expected.check(alternate);
                if (RootName.isRoot(alternate, name)) {
                    return new Result(alternate, Optional.empty(), errors);
                }
                usable.add(alternate);
            } catch (AcmeException e) {
                errors.add(String.valueOf(e.getMessage()));
                if (Thread.currentThread().isInterrupted()) {
                    // The next attempt downloads everything again.
                    throw e;
                }
                if (isLikelyToRecur(e)) {
                    break;
                }
            } catch (IssuanceException e) {
                errors.add(e.getMessage() + " (" + url + ")");
            }
        }
        return usable.stream()
                .filter(chain -> RootName.isAnyIssuer(chain, name))
                .findFirst()
                .map(chain -> new Result(chain, Optional.empty(), errors))
                .orElseGet(() -> new Result(issued.certificates(), Optional.of(offered(usable, issued)), errors));
    }

    private static void checkSameCertificate(List<X509Certificate> alternate, IssuedChain issued)
            throws IssuanceException {
        if (!alternate.getFirst().equals(issued.certificates().getFirst())) {
            throw IssuanceException.certificateUnusable("An alternate chain is for another certificate");
        }
    }

    /** Whether the CA would answer a request for the next chain no better. */
    private static boolean isLikelyToRecur(AcmeException e) {
        return switch (e.kind()) {
            case UNREACHABLE, RATE_LIMITED, ACCOUNT_GONE -> true;
            case NOT_FOUND, REFUSED, ALREADY_REPLACED, INVALID_RESPONSE, WRONG_CLOCK, UNUSABLE_CERTIFICATE -> false;
        };
    }

    private static OfferedChains offered(List<List<X509Certificate>> usable, IssuedChain issued) {
        List<String> roots = usable.stream().map(RootName::of).distinct().toList();
        return new OfferedChains(roots, issued.alternates().size() + 1 - usable.size());
    }
}
