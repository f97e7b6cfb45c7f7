package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.ringcert.daemon.demo.ChildProcess;
import org.ringcert.daemon.demo.TestCa;
import org.ringcert.daemon.moving.Program;

/**
 * Installations that the real dehydrated and certbot have made, each with an account and two certificates: www.example.org with example.org on an EC key, shop.example.org on an RSA key. Whatever is under way ends with {@link #close}.
 */
final class Installations implements AutoCloseable {

    private static final Path CERTBOT = Path.of("/usr/bin/certbot");
    private static final Path DEHYDRATED = Path.of("/usr/bin/dehydrated");

    private final Path folder;
    private final TestCa ca;
    private final List<HttpServer> servers = new ArrayList<>();
    private final List<ChildProcess> processes = new ArrayList<>();

    private Installations(Path folder, TestCa ca) {
        this.folder = folder;
        this.ca = ca;
    }

    static boolean areAll() {
        return Files.isExecutable(CERTBOT) && Files.isExecutable(DEHYDRATED);
    }

    /** Makes them, with the CA coming to those addresses. */
    static Installations make(Path folder, TestCa ca, List<InetAddress> addresses) throws IOException {
        try (Installations making = new Installations(Files.createDirectories(folder), ca)) {
            making.serveChallenges(addresses);
            making.configureDehydrated();
            Files.createDirectories(making.webroot());
            Files.createSymbolicLink(making.folder.resolve("webroot/.well-known/acme-challenge"), making.challenges());
            ChildProcess registering = making.dehydrated("--register", "--accept-terms");
            ChildProcess first = making.certbot("ecdsa", "www.example.org,example.org");
            ended(registering);
            ChildProcess all = making.dehydrated("--cron");
            ended(first);
            ended(making.certbot("rsa", "shop.example.org"));
            ended(all);
            return making;
        }
    }

    /** The folder that is named to {@code ringcert import}. */
    Path of(Program program) {
        return switch (program) {
            case DEHYDRATED -> folder.resolve("dehydrated");
            case CERTBOT -> folder.resolve("letsencrypt");
        };
    }

    /** Where it has the current certificate and key of a site. */
    Path current(Program program, String site) {
        return current(of(program), program, site);
    }

    static Path current(Path installation, Program program, String site) {
        return installation
                .resolve(
                        switch (program) {
                            case DEHYDRATED -> "certs";
                            case CERTBOT -> "live";
                        })
                .resolve(site);
    }

    private Path challenges() {
        return folder.resolve("challenges");
    }

    private Path webroot() {
        return folder.resolve("webroot/.well-known");
    }

    private void serveChallenges(List<InetAddress> addresses) throws IOException {
        Files.createDirectory(challenges());
        for (InetAddress address : addresses) {
            HttpServer server = HttpServer.create(new InetSocketAddress(address, ca.httpPort()), 0);
            servers.add(server);
            server.createContext("/.well-known/acme-challenge/", exchange -> {
                try (exchange) {
                    String token = exchange.getRequestURI().getPath().replaceFirst(".*/", "");
                    byte[] answer = Files.readAllBytes(challenges().resolve(token));
                    exchange.sendResponseHeaders(200, answer.length);
                    exchange.getResponseBody().write(answer);
                }
            });
            server.start();
        }
    }

    private void configureDehydrated() throws IOException {
        Path own = Files.createDirectory(of(Program.DEHYDRATED));
        Files.writeString(own.resolve("config"), """
                CA="%s"
                WELLKNOWN="%s"
                KEY_ALGO=prime256v1
                ACCOUNT_KEYSIZE=2048
                CURL_OPTS="--cacert %s"
                """.formatted(ca.directory(), challenges(), ca.caFile()));
        Files.writeString(
                own.resolve("domains.txt"), "www.example.org example.org\n\n# a shop\nshop.example.org > shop\n");
        Files.writeString(
                Files.createDirectories(own.resolve("certs/shop")).resolve("config"), "KEY_ALGO=rsa\nKEYSIZE=2048\n");
    }

    private ChildProcess dehydrated(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                DEHYDRATED.toString(),
                "--config",
                of(Program.DEHYDRATED).resolve("config").toString()));
        command.addAll(List.of(arguments));
        return start("dehydrated", command);
    }

    private ChildProcess certbot(String keyType, String names) throws IOException {
        return start(
                "certbot",
                List.of(
                        CERTBOT.toString(),
                        "certonly",
                        "--non-interactive",
                        "--agree-tos",
                        "--register-unsafely-without-email",
                        "--webroot",
                        "--webroot-path",
                        folder.resolve("webroot").toString(),
                        "--server",
                        ca.directory().toString(),
                        "--config-dir",
                        of(Program.CERTBOT).toString(),
                        "--work-dir",
                        folder.resolve("work").toString(),
                        "--logs-dir",
                        folder.resolve("logs").toString(),
                        "--key-type",
                        keyType,
                        "--domains",
                        names));
    }

    private ChildProcess start(String name, List<String> command) throws IOException {
        ChildProcess process = ChildProcess.start(
                name,
                command,
                Map.of("REQUESTS_CA_BUNDLE", ca.caFile().toString()),
                folder.resolve(name + processes.size() + ".log"));
        processes.add(process);
        return process;
    }

    private static void ended(ChildProcess process) throws IOException {
        assertThat(process.awaitExit(Lab.LONG)).as(process.output()).isZero();
    }

    @Override
    public void close() throws IOException {
        servers.forEach(server -> server.stop(0));
        for (ChildProcess process : processes) {
            process.close();
        }
    }

    /** All files and links below the folder, with what is in them and when they were changed. */
    static Map<String, String> snapshot(Path folder) throws IOException {
        Map<String, String> all = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList()) {
                String content = Files.isSymbolicLink(file)
                        ? Files.readSymbolicLink(file).toString()
                        : Files.isRegularFile(file) ? Files.readString(file) : "";
                all.put(
                        folder.relativize(file).toString(),
                        Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS) + " "
                                + Files.getPosixFilePermissions(file) + " " + content);
            }
        }
        return all;
    }

    /** A copy with its links. */
    static Path copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(to.resolve(from.relativize(folder)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, to.resolve(from.relativize(file)), LinkOption.NOFOLLOW_LINKS);
                return FileVisitResult.CONTINUE;
            }
        });
        return to;
    }
}
