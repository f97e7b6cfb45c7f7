package org.ringcert.daemon.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.ClusterViews;
import org.ringcert.daemon.ProbeSession;
import org.ringcert.daemon.check.TraceJson;
import org.ringcert.daemon.check.TraceReport;
import org.ringcert.daemon.check.TraceText;
import org.ringcert.daemon.check.Tracer;
import org.ringcert.daemon.config.Configuration;

/** {@code ringcert trace}: one validation, hop by hop. */
final class TraceCommand extends Command {

    private final Supplier<String> target = parameter(
            "SITE|URL",
            "a name of a site or node, to walk from each of its addresses to a probe of this server; or a URL, to walk"
                    + " from there");
    private final BooleanSupplier json = flag("--json", "print JSON for programs; later versions only add keys");
    private final NodeOptions options = new NodeOptions(this);

    TraceCommand() {
        super(
                "Walks as a CA does when it validates, and shows every request.",
                "The exit status is 0 if a CA would have accepted the answer.");
    }

    @Override
    public Integer call() throws Exception {
        String written = target.get();
        ConfiguredNode node = options.load();
        TraceReport report = isUrl(written) ? traceUrl(node, url(written)) : traceName(node, name(node, written));
        boolean isPrinted = print(json.getAsBoolean() ? TraceJson.of(report) : TraceText.of(report));
        return isPrinted && report.isAnswered() ? ExitStatus.OK : ExitStatus.FAILED;
    }

    private static TraceReport traceUrl(ConfiguredNode node, URI url) {
        return tracer(node, ClusterViews.of(node.configuration(), node.self())).trace(url);
    }

    private static TraceReport traceName(ConfiguredNode node, HostName name) throws Exception {
        try (ProbeSession session = ProbeSession.open(node.configuration(), node.self(), 1)) {
            return tracer(node, session.node().views())
                    .trace(name, session.probes().getFirst(), session.frontState(), node.configuration());
        }
    }

    private static Tracer tracer(ConfiguredNode node, ClusterViews views) {
        return new Tracer(node.self(), views.dns(), views.rules());
    }

    private static boolean isUrl(String written) {
        return written.contains("/") || written.contains(":");
    }

    private static URI url(String written) throws UsageException {
        try {
            URI url = new URI(written);
            String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
            if (url.getRawUserInfo() != null) {
                throw new UsageException("the URL has a user name or password, which a CA never sends: leave out what"
                        + " stands before the @");
            }
            if (url.getHost() != null && (scheme.equals("http") || scheme.equals("https"))) {
                return url;
            }
        } catch (URISyntaxException e) {
            // Reported below.
        }
        throw new UsageException(printable(written)
                + " is not a URL such as http://www.example.org/.well-known/acme-challenge/TOKEN, nor a name");
    }

    private static HostName name(ConfiguredNode node, String written) throws UsageException {
        Configuration configuration = node.configuration();
        try {
            HostName name = HostName.of(written);
            boolean isNode = configuration.cluster(node.self()).find(name).isPresent();
            if (isNode || configuration.site(name).isPresent()) {
                return name;
            }
        } catch (IllegalArgumentException e) {
            throw new UsageException(printable(written) + " is not a name: " + e.getMessage());
        }
        Stream<Object> names = Stream.concat(
                configuration.sites().stream().flatMap(site -> site.names().stream()),
                configuration.nodes().stream().map(settings -> settings.node().name()));
        throw new UsageException(
                printable(written) + " is not a name of a site or node of the configuration, which has "
                        + UsageException.list(names.distinct().toList()) + ". To walk from elsewhere, write a URL.");
    }

    private static String printable(String written) {
        return written.replaceAll("\\p{Cntrl}", "?");
    }
}
