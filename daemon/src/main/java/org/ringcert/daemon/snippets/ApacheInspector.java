package org.ringcert.daemon.snippets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ringcert.daemon.snippets.apache.ApacheConfiguration;

/**
 * Asks Apache itself for its virtual hosts and everything in them.
 *
 * @param dump the output of {@code apachectl} for {@link ApacheConfiguration#DUMP_ARGUMENTS}
 */
record ApacheInspector(String dump) implements ConfigurationInspector {

    /** Folders in which distributions install Apache's modules. */
    private static final List<String> MODULES = List.of(
            "/usr/lib/apache2/modules",
            "/usr/lib64/httpd/modules",
            "/usr/lib/httpd/modules",
            "/usr/local/apache2/modules");

    /** Text that occurs in all rules that {@code ringcert web apache} prints. */
    private static final String RINGCERT_RULE = "^/\\.well-known/acme-challenge/(?!";

    static ConfigurationInspector ofThisMachine() {
        return node -> queryApache().inspect(node);
    }

    static ApacheInspector queryApache() throws IOException {
        List<String> arguments = new ArrayList<>();
        Optional<Path> modInfo = MODULES.stream()
                .map(folder -> Path.of(folder, "mod_info.so"))
                .filter(Files::isReadable)
                .findFirst();
        modInfo.ifPresent(module -> arguments.addAll(List.of("-C", "LoadModule info_module " + module)));
        arguments.addAll(ApacheConfiguration.DUMP_ARGUMENTS);
        return new ApacheInspector(ServerProgram.output("apachectl", arguments.toArray(String[]::new)));
    }

    @Override
    public InspectionResult inspect(WebNode node) throws IOException {
        ApacheConfiguration configuration = configuration();
        ApacheConfiguration.Requirements requirements = new ApacheConfiguration.Requirements(
                node.names(), node.port(), List.of(node.httpsPort(), WebNode.STANDARD_HTTPS_PORT));
        return new InspectionResult(
                configuration.hostsWithoutRules(requirements).stream()
                        .map(host ->
                                new InspectionResult.UnpreparedHost(host.position(), host.endpoint(), host.names()))
                        .toList(),
                configuration.problems(requirements));
    }

    VirtualHostLookup lookup(WebNode node) throws IOException {
        ApacheConfiguration configuration = configuration();
        Path file = Path.of(WebServer.APACHE.folder(), WebServer.APACHE.fragment());
        String missingRules = !dump.contains(RINGCERT_RULE)
                ? WebServer.APACHE.installHint()
                : "make `Include " + file + "` its first line"
                        + (Files.exists(file)
                                ? ""
                                : " after saving the output of `ringcert web apache --fragment` as that file");
        return (address, port, name) -> configuration
                .selectedHost(address, port, name, node.names())
                .map(host -> new VirtualHostLookup.Match(
                        host.position(),
                        Stream.concat(
                                        host.hasRules() ? Stream.of() : Stream.of(missingRules),
                                        host.conflicts().stream())
                                .toList()));
    }

    private ApacheConfiguration configuration() throws IOException {
        try {
            return new ApacheConfiguration(dump);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
