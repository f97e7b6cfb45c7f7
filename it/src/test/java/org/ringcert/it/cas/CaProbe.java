package org.ringcert.it.cas;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.it.cas.OtherWebServers.Recorded;
import org.ringcert.it.cas.OtherWebServers.Target;

/** Finds out how a CA validates, from what it sends to {@link OtherWebServers}. */
final class CaProbe {

    /** The sites whose names lead to the first recorder. Two, because some CAs validate a name once. */
    static final List<HostName> SITES = List.of(new HostName("probe.example.net"), new HostName("loop.example.net"));

    private CaProbe() {}

    /**
     * Orders a certificate for each of {@link #SITES}, which may fail.
     *
     * @param folder an empty folder
     * @return {@link CaReport#NO_FACTS} if the CA has sent no request
     */
    static CaReport.Facts run(Path folder, RunningCa ca, OtherWebServers servers) throws IOException {
        try (CaCluster cluster = new CaCluster(folder, ca, "redirect", SITES)) {
            servers.redirectTo(Target.SECOND_RECORDER);
            String output = cluster.run(0, "renew", SITES.getFirst().value()).output();
            List<Recorded> requests = servers.requests();
            if (requests.isEmpty()) {
                System.out.println("the CA has not validated: " + output);
                return CaReport.NO_FACTS;
            }
            String userAgent = requests.getFirst().userAgent();
            Optional<Recorded> redirected =
                    requests.stream().filter(request -> request.recorder() == 1).findFirst();
            if (redirected.isEmpty()) {
                return new CaReport.Facts(0, userAgent, "");
            }
            servers.redirectTo(Target.ITSELF);
            var _ = cluster.run(0, "renew", SITES.getLast().value());
            int redirects =
                    servers.requests().stream().mapToInt(Recorded::hop).max().orElse(0);
            return new CaReport.Facts(redirects, userAgent, redirected.get().host());
        }
    }
}
