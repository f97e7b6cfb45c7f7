package org.ringcert.daemon.snippets;

import java.nio.file.Path;
import java.util.List;
import org.ringcert.cluster.Cluster;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.cluster.Site;

/** The node web0 of two servers with one site, on ports 80 and 443. */
final class SampleWebNode {

    private static final HostName SELF = new HostName("web0.example.org");

    static final WebNode NODE = new WebNode(
            new Cluster(
                    List.of(
                            new Node(SELF, "192.0.2.1", 80),
                            new Node(new HostName("web1.example.org"), "192.0.2.2", 80)),
                    SELF),
            List.of(new Site(List.of(new HostName("www.example.org"), new HostName("example.org")))),
            List.of(),
            List.of(Path.of("/challenges")),
            Path.of("/certs"),
            false,
            443,
            true);

    private SampleWebNode() {}
}
