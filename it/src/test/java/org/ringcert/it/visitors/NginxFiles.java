package org.ringcert.it.visitors;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.ringcert.cluster.HostName;

/**
 * The files of an nginx that serves https alone. It answers every request with the name of its server, resumes no
 * sessions, and reads its certificates at each reload.
 *
 * @param folder an existing directory of its own
 */
record NginxFiles(Path folder) {

    private static final Path PROGRAM = Path.of("/usr/sbin/nginx");
    private static final boolean IS_ROOT = System.getProperty("user.name").equals("root");

    /**
     * A virtual host.
     *
     * @param certificates directories with {@code fullchain.pem} and {@code privkey.pem}, one for each kind of key
     */
    record VirtualHost(List<HostName> names, List<Path> certificates) {

        VirtualHost(List<HostName> names, Path certificate) {
            this(names, List.of(certificate));
        }
    }

    static void assumeInstalled() {
        assumeTrue(Files.isExecutable(PROGRAM), PROGRAM + " is not installed (Debian: nginx-light)");
    }

    /**
     * Writes the configuration. A running nginx reads it at its next reload.
     *
     * @param listen as in the directive of that name
     * @param server the name of the server
     */
    void configure(String listen, String server, List<VirtualHost> hosts) throws IOException {
        String virtualHosts = hosts.stream()
                .map(host -> """
                        server {
                            listen %s ssl;
                            server_name %s;
                            %s
                            location / { return 200 "%s"; }
                        }
                        """.formatted(
                                listen,
                                host.names().stream().map(HostName::value).collect(Collectors.joining(" ")),
                                host.certificates().stream()
                                        .map(NginxFiles::certificate)
                                        .collect(Collectors.joining(" ")),
                                server))
                .collect(Collectors.joining());
        Files.writeString(
                configuration(), (IS_ROOT ? "user www-data;\n" : "") + """
                daemon off;
                worker_processes 1;
                pid %s;
                error_log stderr;
                events {}
                http {
                access_log off;
                ssl_session_tickets off;
                %s}
                """.formatted(pidFile(), virtualHosts));
    }

    private static String certificate(Path directory) {
        return "ssl_certificate %s/fullchain.pem; ssl_certificate_key %s/privkey.pem;".formatted(directory, directory);
    }

    private Path configuration() {
        return folder.resolve("nginx.conf");
    }

    /** Returns the file that exists while it runs. */
    Path pidFile() {
        return folder.resolve("nginx.pid");
    }

    Path log() {
        return folder.resolve("nginx.log");
    }

    /** Returns the command that starts it. */
    List<String> command() {
        return List.of(PROGRAM.toString(), "-e", "stderr", "-c", configuration().toString());
    }

    /**
     * Returns a shell command that makes it reload as {@code systemctl reload} does. It fails if nginx is not running.
     */
    String reloadCommand() {
        return "kill -s HUP \"$(cat " + pidFile() + ")\"";
    }
}
