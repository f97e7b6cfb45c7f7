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
import java.util.Locale;
import java.util.Map;
import org.ringcert.demo.ChildProcess;

/**
 * A web server that is installed on this machine. It is started as an administrator would start it: after a check of
 * its configuration, and without root's privileges if it can drop them.
 */
enum ServerProduct {
    APACHE("apache2"),
    NGINX("nginx"),
    HAPROXY("haproxy");

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final boolean IS_ROOT = System.getProperty("user.name").equals("root");
    /** The modules that Debian's package loads, as far as they matter here, and those that Ringcert's rules need. */
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

    ServerProduct(String program) {
        this.program = program;
    }

    /** Returns its name on the command line of {@code ringcert web}. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    private Path program() {
        Path path = Path.of("/usr/sbin", program);
        assumeTrue(Files.isExecutable(path), () -> path + " is not installed (Debian: apache2, nginx-light, haproxy)");
        return path;
    }

    /** Returns the main file in a folder. */
    Path mainFile(Path folder) {
        return folder.resolve(program + ".conf");
    }

    /** Writes a main file around the configuration, like that of Debian's packages but as short as possible. */
    Path writeMainFile(Path folder, String configuration) throws IOException {
        StringBuilder text = new StringBuilder();
        switch (this) {
            case APACHE -> {
                text.append("ServerRoot \"%1$s\"\nDefaultRuntimeDir \"%1$s\"\nPidFile pid\nErrorLog error.log\n"
                        .formatted(folder));
                MODULES.forEach(module ->
                        text.append("LoadModule %1$s_module /usr/lib/apache2/modules/mod_%1$s.so\n".formatted(module)));
                text.append("StartServers 1\nServerName localhost\n");
                text.append(IS_ROOT ? "User www-data\nGroup www-data\n" : "");
                text.append(
                        "<Directory />\nOptions FollowSymLinks\nAllowOverride None\nRequire all denied\n</Directory>\n");
                text.append(configuration);
            }
            case NGINX ->
                text.append(IS_ROOT ? "user www-data;\n" : "")
                        .append("daemon off;\nworker_processes 1;\npid %1$s/pid;\nerror_log %1$s/error.log;\n"
                                .formatted(folder))
                        .append("events {}\nhttp {\naccess_log off;\n")
                        .append(configuration)
                        .append("}\n");
            case HAPROXY -> text.append(configuration);
        }
        return Files.writeString(mainFile(folder), text);
    }

    /**
     * Returns the output of the server's own check, without HAProxy's message of success, which newer versions do not
     * print.
     */
    String check(Path file) throws IOException {
        Path output = Files.createTempFile(file.getParent(), "check", ".txt");
        ChildProcess check = ChildProcess.start(program + " check", checkCommand(file), Map.of(), output);
        int status = check.awaitExit(TIMEOUT);
        return check.output().replaceFirst("^Configuration file is valid\n", "") + "exit status " + status;
    }

    private List<String> checkCommand(Path file) {
        String path = program().toString();
        return switch (this) {
            case APACHE -> List.of(path, "-f", file.toString(), "-t");
            case NGINX -> List.of(path, "-e", "stderr", "-c", file.toString(), "-t");
            case HAPROXY -> List.of(path, "-f", file.toString(), "-c");
        };
    }

    /** Returns the output of the check for a valid file. */
    private String successMessage(Path file) {
        return switch (this) {
            case APACHE -> "Syntax OK\nexit status 0";
            case NGINX ->
                "nginx: the configuration file " + file + " syntax is ok\nnginx: configuration file " + file
                        + " test is successful\nexit status 0";
            case HAPROXY -> "exit status 0";
        };
    }

    /** Checks the file, starts the server and waits until it listens. */
    Running start(Path file, InetAddress address, int port) throws IOException {
        assertThat(check(file)).isEqualTo(successMessage(file));
        List<String> command = new ArrayList<>(List.of(program().toString()));
        command.addAll(
                switch (this) {
                    case APACHE -> List.of("-f", file.toString(), "-DFOREGROUND");
                    case NGINX -> List.of("-e", "stderr", "-c", file.toString());
                    case HAPROXY -> List.of("-f", file.toString(), "-W", "-db");
                });
        ChildProcess process = ChildProcess.start(program, command, Map.of(), file.resolveSibling(program + ".log"));
        await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(10)).until(() -> {
            if (!process.isAlive()) {
                throw new IOException(program + " exited during its start: " + process.output());
            }
            return this == APACHE ? answers(address, port) : listens(address, port);
        });
        return new Running(this, process, address, port);
    }

    /**
     * Apache listens while it reads its configuration for the first time, then closes the socket and reads the
     * configuration again.
     */
    private static boolean answers(InetAddress address, int port) {
        try (Socket socket = new Socket(address, port)) {
            socket.setSoTimeout((int) TIMEOUT.toMillis());
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
    record Running(ServerProduct product, ChildProcess process, InetAddress address, int port) implements Closeable {

        /**
         * Returns the command that makes it reload its configuration and certificates, as {@code systemctl reload}
         * does.
         */
        String reloadCommand() {
            String signal = switch (product) {
                case APACHE -> "USR1";
                case NGINX -> "HUP";
                case HAPROXY -> "USR2";
            };
            return "kill -s " + signal + " " + process.pid() + "\n";
        }

        @Override
        public void close() throws IOException {
            process.terminate();
            process.awaitExit(TIMEOUT);
            // Its children may keep the port for a moment and would be mistaken for the server that is started next.
            await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(10)).until(() -> !listens(address, port));
        }
    }
}
