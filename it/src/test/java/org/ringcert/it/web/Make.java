package org.ringcert.it.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ringcert.demo.ChildProcess;

/**
 * A web server of this machine. It is started as its administrator would start it: checked first, without privileges
 * where there are some to drop.
 */
enum Make {
    APACHE("apache2"),
    NGINX("nginx"),
    HAPROXY("haproxy");

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final boolean ROOT = System.getProperty("user.name").equals("root");
    /** What Debian's package has loaded, as far as it matters, and what ours asks for. */
    private static final List<String> MODULES = List.of(
            "mpm_event",
            "authz_core",
            "authz_host",
            "authz_user",
            "authn_core",
            "auth_basic",
            "access_compat",
            "alias",
            "rewrite",
            "headers",
            "proxy",
            "proxy_http",
            "ssl",
            "socache_shmcb");

    private final String program;

    Make(String program) {
        this.program = program;
    }

    /** As {@code ringcert web} calls it. */
    String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    private Path program() {
        Path path = Path.of("/usr/sbin", program);
        assumeTrue(Files.isExecutable(path), () -> path + " is not installed (Debian: apache2, nginx-light, haproxy)");
        return path;
    }

    /** Writes the main file around configuration, as Debian's packages bring it, as short as may be. */
    Path write(Path folder, String configuration) throws IOException {
        StringBuilder text = new StringBuilder();
        switch (this) {
            case APACHE -> {
                text.append("ServerRoot \"%1$s\"\nDefaultRuntimeDir \"%1$s\"\nPidFile pid\nErrorLog error.log\n"
                        .formatted(folder));
                MODULES.forEach(module ->
                        text.append("LoadModule %1$s_module /usr/lib/apache2/modules/mod_%1$s.so\n".formatted(module)));
                text.append("StartServers 1\nServerName localhost\n");
                text.append(ROOT ? "User www-data\nGroup www-data\n" : "");
                text.append(
                        "<Directory />\nOptions FollowSymLinks\nAllowOverride None\nRequire all denied\n</Directory>\n");
                text.append(configuration);
            }
            case NGINX ->
                text.append(ROOT ? "user www-data;\n" : "")
                        .append("daemon off;\nworker_processes 1;\npid %1$s/pid;\nerror_log %1$s/error.log;\n"
                                .formatted(folder))
                        .append("events {}\nhttp {\naccess_log off;\n")
                        .append(configuration)
                        .append("}\n");
            case HAPROXY -> text.append(configuration);
        }
        return Files.writeString(folder.resolve(program + ".conf"), text);
    }

    /** What the server's own check says of that file, without HAProxy's praise, which newer ones keep to themselves. */
    String check(Path file) throws IOException {
        Path output = Files.createTempFile(file.getParent(), "check", ".txt");
        ChildProcess check = ChildProcess.start(program + " check", checking(file), Map.of(), output);
        int status = check.awaitExit(LONG);
        return check.output().replaceFirst("^Configuration file is valid\n", "") + "exit status " + status;
    }

    private List<String> checking(Path file) {
        String path = program().toString();
        return switch (this) {
            case APACHE -> List.of(path, "-f", file.toString(), "-t");
            case NGINX -> List.of(path, "-e", "stderr", "-c", file.toString(), "-t");
            case HAPROXY -> List.of(path, "-f", file.toString(), "-c");
        };
    }

    /** What the check says of a file that is right. */
    private String praise(Path file) {
        return switch (this) {
            case APACHE -> "Syntax OK\nexit status 0";
            case NGINX ->
                "nginx: the configuration file " + file + " syntax is ok\nnginx: configuration file " + file
                        + " test is successful\nexit status 0";
            case HAPROXY -> "exit status 0";
        };
    }

    /** Checks the file, starts the server, and waits until it listens. */
    Running start(Path file, InetAddress address, int port) throws IOException {
        assertThat(check(file)).isEqualTo(praise(file));
        List<String> command = new ArrayList<>(List.of(program().toString()));
        command.addAll(
                switch (this) {
                    case APACHE -> List.of("-f", file.toString(), "-DFOREGROUND");
                    case NGINX -> List.of("-e", "stderr", "-c", file.toString());
                    case HAPROXY -> List.of("-f", file.toString(), "-W", "-db");
                });
        ChildProcess process = ChildProcess.start(program, command, Map.of(), file.resolveSibling(program + ".log"));
        await().atMost(LONG).pollInterval(Duration.ofMillis(10)).until(() -> {
            if (!process.isAlive()) {
                throw new IOException(program + " has ended at once: " + process.output());
            }
            return this == APACHE ? answers(address, port) : listens(address, port);
        });
        return new Running(this, process, address, port);
    }

    /** Apache listens while it reads its configuration for the first time, closes that, and reads it once more. */
    private static boolean answers(InetAddress address, int port) {
        try (Socket socket = new Socket(address, port)) {
            socket.setSoTimeout((int) LONG.toMillis());
            socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() >= 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean listens(InetAddress address, int port) {
        try (Socket _ = new Socket(address, port)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** A server that runs until it is closed. */
    record Running(Make make, ChildProcess process, InetAddress address, int port) implements Closeable {

        /**
         * The command that makes it read its configuration and its certificates again, as {@code systemctl reload}
         * does.
         */
        String reload() {
            String signal = switch (make) {
                case APACHE -> "USR1";
                case NGINX -> "HUP";
                case HAPROXY -> "USR2";
            };
            return "kill -s " + signal + " " + process.pid() + "\n";
        }

        @Override
        public void close() throws IOException {
            process.terminate();
            process.awaitExit(LONG);
            // its children may have the port for a moment more, and would be taken for the server that is started next
            await().atMost(LONG).pollInterval(Duration.ofMillis(10)).until(() -> !listens(address, port));
        }
    }
}
