package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.ringcert.cluster.HostName;
import org.ringcert.demo.TestCa;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.Pem;
import org.ringcert.pki.SelfSignedCertificate;

/**
 * Stands between nodes and a test CA: lists all requests, and breaks off chosen ones. All URLs that the CA names lead
 * to the proxy, because it passes on the Host field. Each connection serves one request.
 */
public final class CaProxy implements AutoCloseable {

    private static final Pattern CONTENT_LENGTH = Pattern.compile("(?i)\r\ncontent-length: *([0-9]{1,9})\r\n");
    private static final Pattern DATE = Pattern.compile("(?i)\r\ndate:[^\r]*\r\n");
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private final TestCa ca;
    private final Path caFile;
    private final SSLServerSocket listener;
    private final SSLContext towardsCa;
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private final Queue<Break> breaks = new ConcurrentLinkedQueue<>();
    private final Queue<String> dropped = new ConcurrentLinkedQueue<>();
    private final Map<String, Refusal> refusals = new ConcurrentHashMap<>();
    private final Map<String, String> replies = new ConcurrentHashMap<>();
    private volatile Duration clockAhead = Duration.ZERO;

    private CaProxy(TestCa ca, Path caFile, SSLServerSocket listener, SSLContext towardsCa) {
        this.ca = ca;
        this.caFile = caFile;
        this.listener = listener;
        this.towardsCa = towardsCa;
    }

    /**
     * Starts a proxy on a free port.
     *
     * @param folder for its certificate
     */
    public static CaProxy start(TestCa ca, Path folder) throws IOException, GeneralSecurityException {
        KeyPair key = KeyType.EC256.generate(new SecureRandom());
        Instant now = Instant.now();
        X509Certificate certificate = SelfSignedCertificate.create(
                key, List.of(new HostName("localhost")), now.minus(Duration.ofHours(1)), now.plus(Duration.ofDays(1)));
        Path caFile = Files.writeString(Files.createTempFile(folder, "proxy", ".pem"), Pem.write(List.of(certificate)));
        SSLServerSocket listener = (SSLServerSocket)
                TlsContexts.serving(key, certificate).getServerSocketFactory().createServerSocket(0, 50, LOOPBACK);
        CaProxy proxy = new CaProxy(ca, caFile, listener, TlsContexts.trusting(ca.caFile()));
        Thread.ofVirtual().name("proxy of the CA").start(proxy::acceptConnections);
        return proxy;
    }

    /** Makes the nodes of a testbed use this proxy instead of its CA. Call it before the first node is started. */
    public void replaceCaOf(Testbed testbed) throws IOException {
        testbed.editConfiguration(
                text -> text.replace(ca.directory().toString(), directory().toString())
                        .replace(ca.caFile().toString(), caFile.toString()));
    }

    /**
     * Adds this proxy to the CAs of a testbed, after the others, and gives its CA the same DNS. Call it before the
     * first node is started. Names that are moved later are not moved for this CA.
     */
    public void addTo(Testbed testbed) throws IOException {
        testbed.editConfiguration(text ->
                text.replace("[acme]\n", "[[acme]]\n").replace("[front]\n", """
                [[acme]]
                directory = "%s"
                ca-file = "%s"
                agree-to-terms = true

                [front]
                """.formatted(directory(), caFile)));
        for (int node = 0; node < testbed.cluster().nodes(); node++) {
            ca.setAddress(testbed.cluster().node(node), testbed.cluster().address(node));
        }
        for (int site = 0; site < testbed.cluster().sites().size(); site++) {
            for (HostName name : testbed.cluster().sites().get(site).names()) {
                ca.setAddress(
                        name, testbed.cluster().address(site % testbed.cluster().nodes()));
            }
        }
    }

    /** Returns the URL of the CA's directory as seen through the proxy. */
    public URI directory() {
        return URI.create(
                "https://localhost:" + listener.getLocalPort() + ca.directory().getPath());
    }

    /** Returns what messages call the CA. */
    String name() {
        return directory().getAuthority();
    }

    /** Returns all requests so far, such as {@code "POST /order-plz"}. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** Breaks off the next request to a path that begins so. The CA does not get it. */
    public Break breakBefore(String path) {
        return add(new Break(path, false));
    }

    /**
     * Breaks off the next request to a path that begins so, after the CA has answered it. That it refuses a nonce is no
     * answer.
     */
    public Break breakAfter(String path) {
        return add(new Break(path, true));
    }

    /**
     * Answers requests to paths that begin so with an error (RFC 8555, section 6.7), until {@link #allow}. The CA does
     * not get them.
     *
     * @param type an ACME error type, such as {@code rateLimited}
     */
    public void refuse(String path, int status, String type, Duration retryAfter) {
        refusals.put(path, new Refusal(status, type, retryAfter));
    }

    /** Passes on the requests to paths that begin so again. */
    public void allow(String path) {
        refusals.remove(path);
        replies.remove(path);
    }

    /**
     * Closes the connection of the next request to a path that begins so, after the CA has answered it. That it refuses
     * a nonce is no answer.
     */
    public void dropAfter(String path) {
        dropped.add(path);
    }

    /** Lets the CA's clock, as its replies show it, be ahead of this machine's. */
    public void setClockAhead(Duration ahead) {
        clockAhead = ahead;
    }

    private byte[] withDate(byte[] reply) {
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                Instant.now().plus(clockAhead).atOffset(ZoneOffset.UTC));
        return DATE.matcher(new String(reply, StandardCharsets.ISO_8859_1))
                .replaceFirst("\r\nDate: " + date + "\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Gives this reply to requests to paths that begin so, until {@link #allow}. The CA does not get them. */
    public void answerWith(String path, String reply) {
        replies.put(path, reply);
    }

    private Break add(Break next) {
        breaks.add(next);
        return next;
    }

    /** A request that is broken off: its client gets no answer. */
    public static final class Break {

        private final String path;
        private final boolean afterTheCa;
        private final CountDownLatch reached = new CountDownLatch(1);

        private Break(String path, boolean afterTheCa) {
            this.path = path;
            this.afterTheCa = afterTheCa;
        }

        /** Waits until the request has been broken off. */
        public void await() throws InterruptedException {
            assertThat(reached.await(Testbed.TIMEOUT.toSeconds(), TimeUnit.SECONDS))
                    .as("a request to %s", path)
                    .isTrue();
        }
    }

    private record Refusal(int status, String type, Duration retryAfter) {

        byte[] reply() {
            String problem =
                    "{\"type\":\"urn:ietf:params:acme:error:%s\",\"detail\":\"refused by the test\"}".formatted(type);
            return """
                    HTTP/1.1 %d Refused\r
                    Content-Type: application/problem+json\r
                    Content-Length: %d\r
                    Retry-After: %d\r
                    Connection: close\r
                    \r
                    %s""".formatted(status, problem.length(), retryAfter.toSeconds(), problem)
                    .getBytes(StandardCharsets.US_ASCII);
        }
    }

    private void acceptConnections() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException _) {
                // A failed handshake, or the proxy was closed.
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            InputStream in = client.getInputStream();
            String head = readHead(in);
            if (head.isEmpty()) {
                return;
            }
            byte[] body = in.readNBytes(contentLength(head));
            String request = head.substring(0, head.indexOf(" HTTP/"));
            requests.add(request);
            String path = request.substring(request.indexOf(' ') + 1);
            Optional<Refusal> refusal = matching(refusals, path);
            if (refusal.isPresent()) {
                client.getOutputStream().write(refusal.get().reply());
                return;
            }
            Optional<String> replaced = matching(replies, path);
            if (replaced.isPresent()) {
                client.getOutputStream().write(replaced.get().getBytes(StandardCharsets.US_ASCII));
                return;
            }
            Optional<Break> broken = takeBreak(path, false);
            if (broken.isPresent()) {
                hang(broken.get(), in);
                return;
            }
            byte[] reply = withDate(askTheCa(head, body));
            if (isAboutItsNonce(reply)) {
                client.getOutputStream().write(reply);
                return;
            }
            if (dropped.stream()
                    .filter(path::startsWith)
                    .findFirst()
                    .filter(dropped::remove)
                    .isPresent()) {
                return;
            }
            broken = takeBreak(path, true);
            if (broken.isPresent()) {
                hang(broken.get(), in);
                return;
            }
            client.getOutputStream().write(reply);
        } catch (IOException _) {
            // One of the two has closed its connection. The client sees that its own ends.
        }
    }

    private static <T> Optional<T> matching(Map<String, T> byPath, String path) {
        return byPath.entrySet().stream()
                .filter(entry -> path.startsWith(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** Returns whether the CA has refused a request for its nonce alone. The client repeats it. */
    private static boolean isAboutItsNonce(byte[] reply) {
        return new String(reply, StandardCharsets.ISO_8859_1).contains("urn:ietf:params:acme:error:badNonce");
    }

    private Optional<Break> takeBreak(String path, boolean afterTheCa) {
        // Only one of several requests gets the break, although two may find it at the same time.
        return breaks.stream()
                .filter(next -> next.afterTheCa == afterTheCa && path.startsWith(next.path))
                .findFirst()
                .filter(breaks::remove);
    }

    /** Waits until the client closes its connection. */
    private static void hang(Break broken, InputStream client) throws IOException {
        broken.reached.countDown();
        client.transferTo(OutputStream.nullOutputStream());
    }

    private byte[] askTheCa(String head, byte[] body) throws IOException {
        try (Socket upstream = towardsCa
                .getSocketFactory()
                .createSocket(LOOPBACK, ca.directory().getPort())) {
            OutputStream out = upstream.getOutputStream();
            // The CA then closes the connection after its reply, so that the reply need not be parsed.
            String closing = head.replaceFirst("\r\n\r\n$", "\r\nConnection: close\r\n\r\n");
            out.write(closing.getBytes(StandardCharsets.ISO_8859_1));
            out.write(body);
            out.flush();
            return upstream.getInputStream().readAllBytes();
        }
    }

    private static String readHead(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int next = in.read();
        while (next >= 0) {
            head.write(next);
            if (next == '\n' && head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                return head.toString(StandardCharsets.ISO_8859_1);
            }
            next = in.read();
        }
        return "";
    }

    private static int contentLength(String head) {
        Matcher matcher = CONTENT_LENGTH.matcher(head);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    /** Accepts no more connections. */
    @Override
    public void close() throws IOException {
        listener.close();
    }
}
