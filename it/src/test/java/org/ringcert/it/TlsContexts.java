package org.ringcert.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.ringcert.pki.Pem;

/** TLS for the servers and clients of tests. */
public final class TlsContexts {

    private static final char[] PASSWORD = "test".toCharArray();

    private TlsContexts() {}

    /** Returns the context of a server that always shows this certificate. */
    public static SSLContext serving(KeyPair key, X509Certificate certificate)
            throws IOException, GeneralSecurityException {
        KeyStore store = emptyStore();
        store.setKeyEntry("server", key.getPrivate(), PASSWORD, new Certificate[] {certificate});
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    /** Returns the context of a client that trusts the first certificate of the file, and no other. */
    public static SSLContext trusting(Path pem) throws IOException, GeneralSecurityException {
        return trusting(List.of(Pem.certificates(Files.readString(pem)).getFirst()));
    }

    /** Returns the context of a client that trusts these certificates, and no other. */
    public static SSLContext trusting(List<X509Certificate> roots) throws IOException, GeneralSecurityException {
        KeyStore store = emptyStore();
        for (X509Certificate root : roots) {
            store.setCertificateEntry("root " + roots.indexOf(root), root);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, PASSWORD);
        return store;
    }
}
