package org.ringcert.daemon.snippets.nginx;

import java.util.List;
import java.util.stream.Stream;

/**
 * A {@code server} block of the stream module, which passes on connections without reading them. Immutable.
 *
 * @param listens where it listens
 * @param target the destination as written
 * @param targets the sockets of the destination, as far as they are written in the configuration
 */
public record NginxStream(List<Listen> listens, String target, List<NginxSocket> targets) {

    public NginxStream {
        listens = List.copyOf(listens);
        targets = List.copyOf(targets);
    }

    /** Returns all stream servers of a configuration. */
    public static List<NginxStream> of(NginxConfiguration nginx) {
        List<NginxDirective> stream = nginx.topLevel("stream");
        return stream.stream()
                .filter(directive -> directive.is("server"))
                .map(server -> of(server, stream))
                .toList();
    }

    private static NginxStream of(NginxDirective server, List<NginxDirective> stream) {
        String target = argument(server, "proxy_pass").findFirst().orElse("?");
        List<String> upstream = stream.stream()
                .filter(directive ->
                        directive.is("upstream") && directive.arguments().contains(target))
                .flatMap(directive -> argument(directive, "server"))
                .toList();
        return new NginxStream(
                server.inside()
                        .filter(inner -> inner.is("listen"))
                        .flatMap(Listen::of)
                        .toList(),
                target,
                (upstream.isEmpty() ? List.of(target) : upstream)
                        .stream().flatMap(Listen::sockets).toList());
    }

    private static Stream<String> argument(NginxDirective block, String name) {
        return block.inside()
                .filter(inner -> inner.is(name))
                .flatMap(inner -> inner.arguments().stream().limit(1));
    }
}
