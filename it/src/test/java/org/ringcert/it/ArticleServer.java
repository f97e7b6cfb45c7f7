package org.ringcert.it;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.ringcert.cluster.HostName;
import org.ringcert.demo.ChildProcess;

/**
 * A real Apache with the mod_rewrite rules of "Clustering Let's Encrypt with Apache" (2019). It serves the challenges
 * that it has and redirects all others to the next server. It does not know the parameter {@code left}, and keeps the
 * query.
 */
public final class ArticleServer implements AutoCloseable {

    /** The program. Tests are skipped if it is not installed. */
    public static final Path APACHE = Path.of("/usr/sbin/apache2");

    private static final Path MODULES = Path.of("/usr/lib/apache2/modules");

    private final Path challenges;
    private final ChildProcess process;

    /**
     * Starts it and waits until it accepts connections.
     *
     * @param next the next server of the ring
     */
    public ArticleServer(Path folder, InetAddress address, int port, HostName next) throws IOException {
        this.challenges = Files.createDirectories(folder.resolve("acme-challenges"));
        Path configuration = Files.writeString(folder.resolve("apache.conf"), """
                ServerRoot "%1$s"
                DefaultRuntimeDir "%1$s"
                PidFile "%1$s/pid"
                ErrorLog "%1$s/error.log"
                Listen %2$s:%3$d
                LoadModule mpm_event_module %4$s/mod_mpm_event.so
                LoadModule authz_core_module %4$s/mod_authz_core.so
                LoadModule rewrite_module %4$s/mod_rewrite.so
                StartServers 1
                ServerName %2$s
                <VirtualHost *:%3$d>
                 RewriteEngine on
                 RewriteCond %%{REQUEST_URI} !^/.well-known/acme-challenge/
                 RewriteRule ^ https://%%{SERVER_NAME}%%{REQUEST_URI} [L,R=301]
                 RewriteCond "%5$s/$1" -f
                 RewriteRule ^/.well-known/acme-challenge/(.*) "%5$s/$1" [L]
                 RewriteRule ^ http://%6$s:%3$d%%{REQUEST_URI} [R=302]
                 <Directory "%5$s">
                  Options FollowSymlinks
                  Require all granted
                 </Directory>
                </VirtualHost>
                """.formatted(
                        folder, address.getHostAddress(), port, MODULES, challenges, next));
        this.process = ChildProcess.start(
                "apache2 at " + address.getHostAddress(),
                List.of(APACHE.toString(), "-f", configuration.toString(), "-DFOREGROUND"),
                Map.of(),
                folder.resolve("output"));
        PortProbe.awaitOpen(address, port, Duration.ofSeconds(60));
    }

    /** Returns the directory of its challenges. */
    public Path challenges() {
        return challenges;
    }

    @Override
    public void close() throws IOException {
        // The main process ends its workers when it is terminated, but not when it is killed.
        process.terminate();
        process.awaitExit(Duration.ofSeconds(30));
    }
}
