package org.ringcert.it;

import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.ringcert.daemon.migration.Program;
import org.ringcert.demo.TestCa;

/**
 * Installations made by the real dehydrated, certbot and mod_md. Each has an account and two certificates: one for
 * www.example.org and example.org with an EC key, and one for shop.example.org with an RSA key.
 */
record Installations(Path folder) {

    /** Makes them. All names must lead to these addresses, where the challenges are served. */
    static Installations make(Path folder, TestCa ca, List<InetAddress> addresses) throws Exception {
        Installations installations = new Installations(folder);
        Path webroot = folder.resolve("webroot");
        Path challenges = Files.createDirectories(webroot.resolve(".well-known/acme-challenge"));
        RealDehydrated dehydrated = RealDehydrated.in(
                installations.of(Program.DEHYDRATED),
                ca,
                challenges,
                "www.example.org example.org\n\n# a shop\nshop.example.org > shop");
        Files.writeString(
                Files.createDirectories(dehydrated.certificates("shop")).resolve("config"),
                "KEY_ALGO=rsa\nKEYSIZE=2048\n");
        RealCertbot certbot = new RealCertbot(folder.resolve("certbot"), ca, webroot);
        try (Closeable _ = serve(challenges, addresses, ca.httpPort());
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Void> done = executor.submit(() -> {
                dehydrated.register();
                dehydrated.cron();
                return null;
            });
            certbot.certonly("www.example.org,example.org", "--key-type", "ecdsa");
            certbot.certonly("shop.example.org", "--key-type", "rsa");
            done.get();
        }
        new RealModMd(folder.resolve("mod_md"), ca, addresses.getFirst())
                .order("""
                        <MDomain www.example.org example.org>
                            MDPrivateKeys P-256
                        </MDomain>
                        <MDomain shop.example.org>
                            MDPrivateKeys RSA 2048
                        </MDomain>
                        """, "www.example.org", "shop.example.org");
        return installations;
    }

    /**
     * Makes installations that have two certificates for www.example.org and example.org, one with an EC key and one
     * with an RSA key. All names must lead to these addresses.
     */
    static Installations makeWithTwoKinds(Path folder, TestCa ca, List<InetAddress> addresses) throws Exception {
        Installations installations = new Installations(folder);
        Path webroot = folder.resolve("webroot");
        Path challenges = Files.createDirectories(webroot.resolve(".well-known/acme-challenge"));
        RealDehydrated dehydrated = RealDehydrated.in(
                installations.of(Program.DEHYDRATED),
                ca,
                challenges,
                "www.example.org example.org\nwww.example.org example.org > www-rsa");
        Files.writeString(
                Files.createDirectories(dehydrated.certificates("www-rsa")).resolve("config"),
                "KEY_ALGO=rsa\nKEYSIZE=2048\n");
        RealCertbot certbot = new RealCertbot(folder.resolve("certbot"), ca, webroot);
        try (Closeable _ = serve(challenges, addresses, ca.httpPort())) {
            dehydrated.register();
            dehydrated.cron();
            certbot.certonly("www.example.org,example.org", "--key-type", "ecdsa");
            certbot.certonly("www.example.org,example.org", "--cert-name", "www.example.org-rsa", "--key-type", "rsa");
        }
        new RealModMd(folder.resolve("mod_md"), ca, addresses.getFirst()).order("""
                        <MDomain www.example.org example.org>
                            MDPrivateKeys secp256r1 rsa2048
                        </MDomain>
                        """, "www.example.org");
        return installations;
    }

    /** Returns the folder to give to {@code ringcert import}. */
    Path of(Program program) {
        return switch (program) {
            case DEHYDRATED -> folder.resolve("dehydrated");
            case CERTBOT -> folder.resolve("certbot/letsencrypt");
            case MOD_MD -> folder.resolve("mod_md/md");
        };
    }

    /** Returns the folder with the current certificate and key of a site. */
    Path current(Program program, String site) {
        return current(of(program), program, site);
    }

    static Path current(Path installation, Program program, String site) {
        return installation
                .resolve(
                        switch (program) {
                            case DEHYDRATED -> "certs";
                            case CERTBOT -> "live";
                            case MOD_MD -> "domains";
                        })
                .resolve(site);
    }

    /** Returns the file with the certificate chain in such a folder. */
    static Path chain(Path current) throws IOException {
        try (Stream<Path> files = Files.list(current)) {
            return files.filter(file -> String.valueOf(file.getFileName()).matches("(fullchain|pubcert)\\b.*\\.pem"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static Closeable serve(Path challenges, List<InetAddress> addresses, int port) throws IOException {
        List<HttpServer> servers = new ArrayList<>();
        for (InetAddress address : addresses) {
            HttpServer server = HttpServer.create(new InetSocketAddress(address, port), 0);
            servers.add(server);
            server.createContext("/.well-known/acme-challenge/", exchange -> {
                try (exchange) {
                    String token = exchange.getRequestURI().getPath().replaceFirst(".*/", "");
                    byte[] answer = Files.readAllBytes(challenges.resolve(token));
                    exchange.sendResponseHeaders(200, answer.length);
                    exchange.getResponseBody().write(answer);
                }
            });
            server.start();
        }
        return () -> servers.forEach(server -> server.stop(0));
    }

    /** Returns all files and links below the folder by name, with their times, permissions and content. */
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

    /** Copies a folder. Symbolic links stay links. */
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
