package org.ringcert.daemon.status;

import java.util.Optional;
import java.util.stream.Collectors;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.pki.RootName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.OfferedChains;
import org.ringcert.store.Origin;

/** The sentences about chains that do not lead to the root that the configuration names. */
public final class ChainMessages {

    private ChainMessages() {}

    /** Returns what the CA offers instead of a chain to the root, and what to do. */
    public static String missing(String root, OfferedChains offered) {
        String roots = offered.roots().stream().map(name -> "\"" + name + "\"").collect(Collectors.joining(", "));
        String others = offered.unreadable() == 0 ? "" : ", and " + offered.unreadable() + " that could not be read";
        return "the CA offers no chain to the root \"" + root + "\" ([acme] chain). It offers " + roots + others
                + ". Write one of these, or leave the key out; it takes effect at the next renewal";
    }

    /** Returns what is wrong if the CA offered no chain to the root when it issued the version. */
    static Optional<String> problem(CertificateSpec.Source source, CertificateVersion version) {
        if (!(version.origin() instanceof Origin.IssuedByCa issued) || hasWantedChain(source, version)) {
            return Optional.empty();
        }
        return issued.otherChains()
                .filter(offered -> !isAmong(offered, source))
                .map(offered -> missing(source.root().orElseThrow(), offered));
    }

    /** Returns what will change if the version was issued before the configuration named the root. */
    static Optional<String> note(CertificateSpec.Source source, CertificateVersion version) {
        if (hasWantedChain(source, version) || problem(source, version).isPresent()) {
            return Optional.empty();
        }
        return Optional.of("its chain leads to the root \"" + RootName.of(version.chain())
                + "\". From the next renewal on, Ringcert asks for the one to \""
                + source.root().orElseThrow() + "\"");
    }

    private static boolean hasWantedChain(CertificateSpec.Source source, CertificateVersion version) {
        return source.root()
                .filter(root -> !RootName.isAnyIssuer(version.chain(), root))
                .isEmpty();
    }

    private static boolean isAmong(OfferedChains offered, CertificateSpec.Source source) {
        return offered.roots().stream()
                .anyMatch(root -> RootName.isSame(root, source.root().orElseThrow()));
    }
}
