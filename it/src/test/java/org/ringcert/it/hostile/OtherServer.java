package org.ringcert.it.hostile;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ringcert.demo.ChildProcess;
import org.ringcert.demo.FreePorts;

/** An nginx or Apache that follows the rules of a ring, on a free port of this machine. */
final class OtherServer implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([0-9]{3}) ");

    private final ChildProcess process;
    private final int port;

    /** The program. */
    enum Make {
        NGINX("nginx", "nginx/([0-9]+\\.[0-9]+)", "-v"),
        APACHE("apache2", "Apache/([0-9]+\\.[0-9]+)", "-v");

        private static final Path MODULES = Path.of("/usr/lib/apache2/modules");
        private final String program;
        private final Pattern version;
        private final String versionOption;

        Make(String program, String version, String versionOption) {
            this.program = program;
            this.version = Pattern.compile(version);
            this.versionOption = versionOption;
        }

        /** Returns the path of the program. Skips the test if it is not installed. */
        private Path program() {
            return Stream.of("/usr/sbin", "/usr/local/sbin", "/usr/bin")
                    .map(folder -> Path.of(folder, program))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElseGet(() -> abort(program + " is not installed (Debian: apache2, nginx-light)"));
        }

        private List<String> command(Path configuration) {
            return switch (this) {
                case NGINX -> List.of(program().toString(), "-e", "stderr", "-c", configuration.toString());
                case APACHE -> List.of(program().toString(), "-X", "-f", configuration.toString());
            };
        }

        /** Returns the first two numbers of the version. */
        String version(Path folder) throws IOException {
            ChildProcess process = ChildProcess.start(
                    program, List.of(program().toString(), versionOption), Map.of(), folder.resolve("version"));
            process.awaitExit(TIMEOUT);
            return version.matcher(process.output())
                    .results()
                    .map(match -> match.group(1))
                    .findFirst()
                    .orElse("unknown");
        }
    }

    private OtherServer(ChildProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts it and waits until it listens.
     *
     * @param folder an empty directory for its files
     * @param challenges its tokens, each with its key authorization
     */
    static OtherServer start(Make make, Path folder, Map<String, String> challenges) throws IOException {
        // Apache does not run as root, and only the owner can read a test's directory.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createDirectories(folder.resolve("empty"));
        Path challengeFolder = Files.createDirectories(folder.resolve("challenges"));
        Path wellKnown = Files.createDirectories(folder.resolve("nginx/.well-known"));
        Files.createSymbolicLink(wellKnown.resolve("acme-challenge"), challengeFolder);
        for (Map.Entry<String, String> challenge : challenges.entrySet()) {
            Files.writeString(challengeFolder.resolve(challenge.getKey()), challenge.getValue());
        }
        int port = FreePorts.on(List.of(InetAddress.ofLiteral("127.0.0.1")));
        Path configuration = folder.resolve(make.program + ".conf");
        Files.writeString(
                configuration,
                rules(make)
                        .replace("$FOLDER", folder.toString())
                        .replace("$MODULES", Make.MODULES.toString())
                        .replace("$PORT", String.valueOf(port)));
        ChildProcess process =
                ChildProcess.start(make.program, make.command(configuration), Map.of(), folder.resolve("output"));
        OtherServer server = new OtherServer(process, port);
        await().atMost(TIMEOUT).until(() -> !process.isAlive() || server.listens());
        if (!process.isAlive()) {
            throw new IOException(make.program + " ended at once: " + process.output());
        }
        return server;
    }

    private static String rules(Make make) throws IOException {
        String name = "/hostile/" + (make == Make.NGINX ? "nginx" : "apache") + ".conf";
        try (InputStream file = OtherServer.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IOException("no resource " + name);
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private boolean listens() throws IOException {
        try (Socket _ = connection()) {
            return true;
        } catch (ConnectException e) {
            return false;
        }
    }

    private Socket connection() throws IOException {
        return new Socket(InetAddress.ofLiteral("127.0.0.1"), port);
    }

    /**
     * Sends the bytes and reads to the end. Returns the status codes of the responses, {@code page} if there is text
     * but no status code, or {@code none} if there is no text.
     */
    String exchange(byte[] bytes) throws IOException {
        String text = send(bytes);
        if (text.isEmpty()) {
            return "none";
        }
        String statuses = STATUS.matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .collect(Collectors.joining(" "));
        return statuses.isEmpty() ? "page" : statuses;
    }

    private String send(byte[] bytes) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        try (Socket socket = connection()) {
            socket.setSoTimeout((int) TIMEOUT.toMillis());
            try {
                socket.getOutputStream().write(bytes);
                // Otherwise a server that expects more would wait for it.
                socket.shutdownOutput();
            } catch (IOException e) {
                // The server has already rejected the request.
            }
            try {
                socket.getInputStream().transferTo(read);
            } catch (SocketException e) {
                // The server closed the connection without reading the rest.
            }
        }
        return read.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        process.terminate();
        process.awaitExit(TIMEOUT);
    }
}
