package org.ringcert.it.visitors;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ringcert.demo.ChildProcess;
import org.ringcert.demo.FreePorts;
import org.ringcert.it.Testbed;
import org.ringcert.it.servers.Document;

/**
 * A HAProxy that passes visitors' connections on as they are, to those servers whose daemons answer {@code /livez} with
 * 200, with the backend of {@code docs/visitors.md}.
 */
final class Balancer implements AutoCloseable {

    private static final Path PROGRAM = Path.of("/usr/sbin/haproxy");
    private static final Path DOCUMENT = Path.of("..", "docs", "visitors.md");
    private static final InetAddress LOCALHOST = InetAddress.ofLiteral("127.0.0.1");

    private final Path socket;
    private final InetSocketAddress address;
    private final ChildProcess process;

    private Balancer(Path socket, InetSocketAddress address, ChildProcess process) {
        this.socket = socket;
        this.address = address;
        this.process = process;
    }

    /** Skips the test if HAProxy is not installed. */
    static void assumeInstalled() {
        assumeTrue(Files.isExecutable(PROGRAM), PROGRAM + " is not installed (Debian: haproxy)");
    }

    /** How HAProxy asks. */
    enum Check {
        /** HTTP/1.0 without a Host field, as the documentation of many balancers shows it. */
        SHORT,

        /** HTTP/1.1 with the server's address as Host, as in our document. */
        AS_DOCUMENTED
    }

    /**
     * A server behind the balancer.
     *
     * @param https where visitors are sent
     * @param admin where its daemon answers
     */
    record Server(String name, InetSocketAddress https, InetSocketAddress admin) {}

    /**
     * Starts it on a free port. At first, it takes all servers to be alive.
     *
     * @param folder for its files; a short path, because it has a socket
     * @param livez path and query of the check
     */
    static Balancer start(Path folder, Check check, String livez, List<Server> servers) throws IOException {
        InetSocketAddress address = new InetSocketAddress(LOCALHOST, FreePorts.on(List.of(LOCALHOST)));
        Path socket = folder.resolve("haproxy.sock");
        String text = """
                global
                    stats socket %s mode 600 level user
                defaults
                    timeout client 30s
                    timeout server 30s
                    timeout connect 5s
                    timeout check 5s
                frontend https
                    mode tcp
                    bind 127.0.0.1:%d
                    default_backend www-example-org
                """.formatted(socket, address.getPort()) + backend(check, livez, servers);
        Path configuration = Files.writeString(folder.resolve("haproxy.cfg"), text);
        ChildProcess process = ChildProcess.start(
                "haproxy",
                List.of(PROGRAM.toString(), "-db", "-f", configuration.toString()),
                Map.of(),
                folder.resolve("haproxy.log"));
        await().atMost(Testbed.TIMEOUT).until(() -> {
            if (!process.isAlive()) {
                throw new IOException("haproxy exited during its start: " + process.output());
            }
            return Files.exists(socket);
        });
        return new Balancer(socket, address, process);
    }

    /** Returns the backend of the document, with these servers, and with checks that are more frequent. */
    private static String backend(Check check, String livez, List<Server> servers) throws IOException {
        String written = Document.onlyBlock(DOCUMENT, "haproxy").replace("inter 2s", "inter 500ms");
        List<String> lines = new ArrayList<>();
        for (String line : written.lines().toList()) {
            if (check == Check.SHORT && line.strip().startsWith("http-check")) {
                continue;
            }
            if (line.strip().startsWith("server web0 ")) {
                servers.forEach(server -> lines.add(serverLine(line, server)));
            } else if (!line.strip().startsWith("server ")) {
                lines.add(line.replace("/livez?site=www.example.org", livez));
            }
        }
        String text = String.join("\n", lines) + "\n";
        return check == Check.SHORT ? text.replace("option httpchk", "option httpchk GET " + livez) : text;
    }

    private static String serverLine(String written, Server server) {
        return written.replace("web0", server.name())
                .replace("10.0.0.1:443", hostPort(server.https()))
                .replace("addr 10.0.0.1", "addr " + server.admin().getAddress().getHostAddress())
                .replace("port 9402", "port " + server.admin().getPort());
    }

    private static String hostPort(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    /** Returns where visitors go. */
    InetSocketAddress address() {
        return address;
    }

    /** What it knows about a server, as in its statistics. */
    record Health(String server, boolean isUp, String checkStatus, String checkCode) {}

    Health health(String server) throws IOException {
        List<Health> all = new ArrayList<>();
        List<String> names = List.of();
        for (String line : command("show stat").lines().toList()) {
            List<String> fields = List.of(line.split(",", -1));
            if (line.startsWith("# ")) {
                names = List.of(line.substring(2).split(",", -1));
            } else if (fields.size() == names.size() && fields.get(1).equals(server)) {
                all.add(new Health(
                        server,
                        fields.get(names.indexOf("status")).startsWith("UP"),
                        fields.get(names.indexOf("check_status")),
                        fields.get(names.indexOf("check_code"))));
            }
        }
        return all.getFirst();
    }

    /** Waits until a check of the server has made the balancer use it. */
    void awaitUp(String server) {
        await("HAProxy uses " + server).atMost(Testbed.TIMEOUT).until(() -> {
            Health health = health(server);
            return health.isUp() && health.checkCode().equals("200");
        });
    }

    /** Waits until the balancer has taken the server out because of a 503. */
    void awaitDown(String server) {
        await("HAProxy does not use " + server).atMost(Testbed.TIMEOUT).until(() -> {
            Health health = health(server);
            return !health.isUp() && health.checkCode().equals("503");
        });
    }

    private String command(String command) throws IOException {
        try (SocketChannel connection = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            connection.connect(UnixDomainSocketAddress.of(socket));
            connection.write(ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.US_ASCII)));
            return new String(Channels.newInputStream(connection).readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    @Override
    public void close() throws IOException {
        process.close();
    }
}
