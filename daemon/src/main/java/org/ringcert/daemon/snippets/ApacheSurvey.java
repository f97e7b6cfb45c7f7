package org.ringcert.daemon.snippets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ringcert.daemon.snippets.apache.ApacheConfiguration;

/** Asks Apache itself for its virtual hosts and all that stands in them. */
record ApacheSurvey(String said) implements Survey {

    /** Where systems have Apache's modules. */
    private static final List<String> MODULES = List.of(
            "/usr/lib/apache2/modules",
            "/usr/lib64/httpd/modules",
            "/usr/lib/httpd/modules",
            "/usr/local/apache2/modules");

    /** What all rules have that `ringcert web apache` prints. */
    private static final String OURS = "^/\\.well-known/acme-challenge/(?!";

    static Survey ofThisMachine() {
        return node -> asked().findings(node);
    }

    static ApacheSurvey asked() throws IOException {
        List<String> arguments = new ArrayList<>();
        Optional<Path> info = MODULES.stream()
                .map(folder -> Path.of(folder, "mod_info.so"))
                .filter(Files::isReadable)
                .findFirst();
        info.ifPresent(module -> arguments.addAll(List.of("-C", "LoadModule info_module " + module)));
        arguments.addAll(ApacheConfiguration.QUESTION);
        return new ApacheSurvey(ServerProgram.output("apachectl", arguments.toArray(String[]::new)));
    }

    @Override
    public Findings findings(WebNode node) throws IOException {
        ApacheConfiguration configuration = configuration();
        ApacheConfiguration.Wanted wanted =
                new ApacheConfiguration.Wanted(node.names(), node.port(), List.of(node.httpsPort(), 443));
        return new Findings(
                configuration.lacking(wanted).stream()
                        .map(host -> new Findings.Lacking(host.place(), host.where(), host.names()))
                        .toList(),
                configuration.remarks(wanted));
    }

    Takers takers(WebNode node) throws IOException {
        ApacheConfiguration configuration = configuration();
        Path file = Path.of(WebServer.APACHE.folder(), WebServer.APACHE.fragment());
        String include = !said.contains(OURS)
                ? WebServer.APACHE.toInstall()
                : "its first line has to be `Include " + file + "`"
                        + (Files.exists(file) ? "" : ", once `ringcert web apache --fragment` is saved as that file");
        return (address, port, name) -> configuration
                .taker(address, port, name, node.names())
                .map(taker -> new Takers.Taker(
                        taker.place(),
                        Stream.concat(taker.answers() ? Stream.of() : Stream.of(include), taker.obstacles().stream())
                                .toList()));
    }

    private ApacheConfiguration configuration() throws IOException {
        try {
            return new ApacheConfiguration(said);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
