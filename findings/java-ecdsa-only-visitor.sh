#!/bin/sh
# Java and OpenSSL: a Java client that restricts itself to ECDSA is refused by a server with an EC certificate.
#
# SSLParameters.setSignatureSchemes (Java 19 and newer) restricts the schemes of a connection. One would guess that a client which
# sets ECDSA schemes gets the EC certificate of a server. Java sends the same list once more as `signature_algorithms_cert`, which
# is about the signatures in the chain (RFC 8446 4.2.3). If the CA's own key is RSA, as Pebble's is, OpenSSL then finds no certificate that
# suits the client, and the handshake fails, in TLS 1.2 as well. The client must add the PKCS #1 schemes, which TLS 1.3 allows in
# chains only.
. "$(dirname -- "$0")/lib.sh"
need openssl java python3
cd -- "$work" || exit
echo "$(openssl version | cut -d' ' -f1,2), $(java -version 2>&1 | sed -n 2p)"

{
    openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj "/CN=CA" &&
        openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out request.pem -subj "/CN=www.example.net" &&
        openssl x509 -req -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out leaf.pem
} >said 2>&1 || untried "openssl makes no certificate: $(tail -n 1 said)"
port=$(free_ports 1)
background openssl s_server -accept "127.0.0.1:$port" -cert leaf.pem -key key.pem -www
cat >Visit.java <<'END'
import java.security.cert.X509Certificate;
import javax.net.ssl.*;
class Visit {
    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[0]);
        for (int attempt = 0; ; attempt++) {
            try (var probe = new java.net.Socket("127.0.0.1", port)) {
                break;
            } catch (java.io.IOException e) {
                if (attempt == 100) throw e;
                Thread.sleep(100);
            }
        }
        for (int i = 1; i < arguments.length; i++) {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new X509TrustManager() {
                public void checkClientTrusted(X509Certificate[] chain, String type) {}
                public void checkServerTrusted(X509Certificate[] chain, String type) {}
                public X509Certificate[] getAcceptedIssuers() { return new X509Certificate[0]; }
            }}, null);
            try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setSignatureSchemes(arguments[i].split(","));
                socket.setSSLParameters(parameters);
                socket.startHandshake();
                System.out.println("served " + arguments[i]);
            } catch (SSLException e) {
                System.out.println("refused " + arguments[i] + ": " + e.getMessage());
            }
        }
    }
}
END
java Visit.java "$port" ecdsa_secp256r1_sha256 ecdsa_secp256r1_sha256,rsa_pkcs1_sha256 >seen 2>&1 ||
    untried "Java cannot visit the server: $(tail -n 1 seen)"
cat seen
grep -q "^served ecdsa_secp256r1_sha256,rsa_pkcs1_sha256" seen || changed "the client with PKCS #1 is not served"
grep -q "^refused ecdsa_secp256r1_sha256:" seen || changed "the client with ECDSA alone is served"
