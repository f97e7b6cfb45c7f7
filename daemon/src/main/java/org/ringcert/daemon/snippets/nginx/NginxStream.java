package org.ringcert.daemon.snippets.nginx;

import java.util.List;
import java.util.stream.Stream;

/**
 * A {@code server} block of stream: it passes on what it does not look into. Immutable.
 *
 * @param listens where it listens
 * @param target to whom, as it is written
 * @param targets the sockets that this stands for, as far as they are written there
 */
public record NginxStream(List<Listen> listens, String target, List<Listen.Socket> targets) {

    public NginxStream {
        listens = List.copyOf(listens);
        targets = List.copyOf(targets);
    }

    /** All of that configuration. */
    public static List<NginxStream> of(NginxConfiguration nginx) {
        List<Directive> stream = nginx.top("stream");
        return stream.stream()
                .filter(directive -> directive.is("server"))
                .map(server -> of(server, stream))
                .toList();
    }

    private static NginxStream of(Directive server, List<Directive> stream) {
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

    private static Stream<String> argument(Directive block, String name) {
        return block.inside()
                .filter(inner -> inner.is(name))
                .flatMap(inner -> inner.arguments().stream().limit(1));
    }
}
