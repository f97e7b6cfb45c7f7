package org.ringcert.it.web;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.pki.Pem;
import org.ringcert.store.CertificateName;

/** Fetches the certificates that servers present to https clients. */
final class TlsClient {

    private static final int TIMEOUT_MILLIS = 60_000;

    private TlsClient() {}

    /** Returns the certificate for a name, whoever has signed it. */
    static X509Certificate servedCertificate(WebServers servers, int node, HostName name)
            throws IOException, GeneralSecurityException {
        TrustManager trustAll = new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type) {}

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }
        };
        return servedCertificate(new TrustManager[] {trustAll}, "", servers, node, name);
    }

    /** Returns the certificate for a name, as a client sees it that trusts only these roots and checks the name. */
    static X509Certificate verifiedCertificate(List<X509Certificate> roots, WebServers servers, int node, HostName name)
            throws IOException, GeneralSecurityException {
        KeyStore anchors = KeyStore.getInstance(KeyStore.getDefaultType());
        anchors.load(null, null);
        for (X509Certificate root : roots) {
            anchors.setCertificateEntry(root.getSerialNumber().toString(16), root);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(anchors);
        return servedCertificate(factory.getTrustManagers(), "HTTPS", servers, node, name);
    }

    private static X509Certificate servedCertificate(
            TrustManager[] trust, String identification, WebServers servers, int node, HostName name)
            throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust, null);
        try (Socket tcp = new Socket(servers.address(node), servers.httpsPort());
                SSLSocket socket = (SSLSocket)
                        context.getSocketFactory().createSocket(tcp, name.value(), servers.httpsPort(), true)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(name.value())));
            parameters.setEndpointIdentificationAlgorithm(identification);
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    /** Returns the certificate that a node has stored for a site. */
    static X509Certificate storedCertificate(WebServers servers, int node, Site site) throws IOException {
        Path file = servers.store(node)
                .resolve("certs")
                .resolve(site.name().value())
                .resolve("cert.pem");
        return Pem.certificates(Files.readString(file)).getFirst();
    }

    /** Returns the chain that a node has stored for one of a site's certificates. */
    static List<X509Certificate> storedChain(WebServers servers, int node, CertificateName name) throws IOException {
        Path file =
                servers.store(node).resolve("certs").resolve(name.toString()).resolve("fullchain.pem");
        return Pem.certificates(Files.readString(file));
    }
}
