package org.ringcert.it.visitors;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** TLS servers of which each presents one certificate, on free ports of this machine. */
final class FlawedServers implements AutoCloseable {

    private final List<ServerSocket> sockets = new ArrayList<>();
    private final List<Socket> clients = new ArrayList<>();

    /** Starts a server and returns where it listens, as {@code https} in the configuration names it. */
    String start(KeyPair key, List<X509Certificate> chain) throws IOException, GeneralSecurityException {
        ServerSocket socket = context(key, chain)
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        sockets.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
        return address(socket);
    }

    /** Starts a server that accepts connections and never answers. */
    String startSilent() throws IOException {
        ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        sockets.add(socket);
        return address(socket);
    }

    /** Returns where nobody listens. */
    static String refusing() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            return address(socket);
        }
    }

    /**
     * Starts a server that accepts no more connections: whoever tries to connect waits in vain, as behind a firewall.
     */
    String startUnreachable() throws IOException {
        ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        sockets.add(full);
        while (connects(full)) {
            // The queue has still room.
        }
        return address(full);
    }

    private boolean connects(ServerSocket server) throws IOException {
        Socket socket = new Socket();
        clients.add(socket);
        try {
            socket.connect(server.getLocalSocketAddress(), 500);
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    private static String address(ServerSocket socket) {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    private static SSLContext context(KeyPair key, List<X509Certificate> chain) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(new KeyManager[] {new OneKey(key.getPrivate(), List.copyOf(chain))}, null, null);
        return context;
    }

    private static void serve(ServerSocket server) {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> handshake(socket));
            } catch (IOException e) {
                // The test is over.
            }
        }
    }

    private static void handshake(Socket socket) {
        try (socket) {
            ((SSLSocket) socket).startHandshake();
        } catch (IOException e) {
            // The client has seen enough.
        }
    }

    /** Presents a chain as it is. Java's own key stores refuse chains that do not fit together. */
    private static final class OneKey extends X509ExtendedKeyManager {

        private static final String ALIAS = "key";

        private final PrivateKey key;
        private final List<X509Certificate> chain;

        OneKey(PrivateKey key, List<X509Certificate> chain) {
            this.key = key;
            this.chain = chain;
        }

        @Override
        public @Nullable String chooseServerAlias(
                String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return keyType.equals(key.getAlgorithm()) ? ALIAS : null;
        }

        @Override
        public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return chain.toArray(X509Certificate[]::new);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return key;
        }

        @Override
        public @Nullable String chooseClientAlias(
                String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }

        @Override
        public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
        for (ServerSocket socket : sockets) {
            socket.close();
        }
    }
}
