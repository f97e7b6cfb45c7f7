package org.ringcert.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.pki.Pem;
import org.ringcert.store.StoreLayout;

/**
 * The web server of one node of the demo. Serves a page for each site by https, with the certificate that is in the
 * store at that moment, so that it needs no reload.
 */
final class DemoWebServer implements Closeable {

    private final HttpsServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private DemoWebServer(HttpsServer server) {
        this.server = server;
    }

    /**
     * Starts the web servers of some nodes.
     *
     * @param cluster its nodes have https
     * @return closes all of them
     * @throws IOException if one of them cannot listen; none is left then
     */
    static Closeable startAll(LocalCluster cluster, List<Integer> nodes) throws IOException {
        List<DemoWebServer> started = new ArrayList<>();
        Closeable all = () -> started.forEach(DemoWebServer::close);
        try {
            for (int node : nodes) {
                started.add(start(cluster, node));
            }
            return all;
        } catch (IOException e) {
            all.close();
            throw e;
        }
    }

    private static DemoWebServer start(LocalCluster cluster, int node) throws IOException {
        StoredKeys keys = new StoredKeys(names(cluster.sites()), new StoreLayout(cluster.store(node)).certificates());
        DemoWebServer started =
                new DemoWebServer(HttpsServer.create(cluster.https(node).orElseThrow(), 0));
        started.server.setHttpsConfigurator(new HttpsConfigurator(context(keys)));
        started.server.createContext("/", exchange -> answer(exchange, cluster.node(node)));
        started.server.setExecutor(started.threads);
        started.server.start();
        return started;
    }

    private static Set<String> names(List<Site> sites) {
        return sites.stream().map(site -> site.name().value()).collect(Collectors.toSet());
    }

    private static SSLContext context(KeyManager keys) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {keys}, null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("this Java runtime has no TLS", e);
        }
    }

    private static void answer(HttpExchange exchange, HostName node) throws IOException {
        byte[] page = ("This is " + node + ".\n").getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    /** The keys in the store, by the names of sites. Reads a file each time. */
    private static final class StoredKeys extends X509ExtendedKeyManager {

        private final Set<String> names;
        private final Path certificates;

        StoredKeys(Set<String> names, Path certificates) {
            this.names = names;
            this.certificates = certificates;
        }

        @Override
        public @Nullable String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
            if (!keyType.equals("EC") || !(engine.getHandshakeSession() instanceof ExtendedSSLSession session)) {
                return null;
            }
            return session.getRequestedServerNames().stream()
                    .filter(SNIHostName.class::isInstance)
                    .map(name -> ((SNIHostName) name).getAsciiName())
                    .filter(names::contains)
                    .findFirst()
                    .orElse(null);
        }

        @Override
        public X509Certificate @Nullable [] getCertificateChain(String alias) {
            try {
                return Pem.certificates(read(alias, "fullchain.pem")).toArray(X509Certificate[]::new);
            } catch (IOException | IllegalArgumentException e) {
                return null;
            }
        }

        @Override
        public @Nullable PrivateKey getPrivateKey(String alias) {
            try {
                return Pem.privateKey(read(alias, "privkey.pem"));
            } catch (IOException | IllegalArgumentException e) {
                return null;
            }
        }

        private String read(String alias, String file) throws IOException {
            return Files.readString(certificates.resolve(alias).resolve(file));
        }

        @Override
        public @Nullable String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return null;
        }

        @Override
        public String @Nullable [] getServerAliases(String keyType, Principal[] issuers) {
            return null;
        }

        @Override
        public String @Nullable [] getClientAliases(String keyType, Principal[] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
            return null;
        }
    }
}
