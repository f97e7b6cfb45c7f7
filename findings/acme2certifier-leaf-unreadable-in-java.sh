#!/bin/sh
# acme2certifier and Java: a certificate that OpenSSL and Python accept, and Java cannot even parse.
#
# A request may have an empty subject, because its names are in subjectAltName. In the certificate that extension must then be
# critical (RFC 5280 4.1.2.6). acme2certifier's openssl_ca_handler copies the empty subject and the names, but makes the extension
# not critical although it was critical in the request. OpenSSL verifies such a leaf. One would guess that a
# parser accepts it as well. But Java's CertificateFactory throws, so an ACME client in Java cannot read its own certificate.
# A common name in the request's subject avoids this.
. "$(dirname -- "$0")/lib.sh"
need openssl java
python acme2certifier==0.46.3 cryptography==50.0.2
cd -- "$work" || exit
echo "acme2certifier 0.46.3, $(openssl version | cut -d' ' -f1,2), $(java -version 2>&1 | sed -n 2p)"

openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj "/CN=CA" >said 2>&1 || untried "openssl makes no CA"
cat >acme_srv.cfg <<END
[CAhandler]
issuing_ca_key: $work/ca.key
issuing_ca_cert: $work/ca.pem
issuing_ca_crl: $work/ca.crl
cert_save_path: $work
END
cat >Read.java <<'END'
class Read {
    public static void main(String[] files) throws Exception {
        var factory = java.security.cert.CertificateFactory.getInstance("X.509");
        try (var in = new java.io.FileInputStream(files[0])) {
            factory.generateCertificate(in);
            System.out.println("reads it");
        } catch (java.security.cert.CertificateException e) {
            System.out.println("refuses it: " + e.getMessage());
        }
    }
}
END
ACME_SRV_CONFIGFILE=$work/acme_srv.cfg "$python" - 2>said <<'END' || untried "acme2certifier signs nothing: $(tail -n 1 said)"
import base64, logging
from cryptography import x509
from acme2certifier.cahandlers.openssl_ca_handler import CAhandler
from raw_acme import request_for
with CAhandler(False, logging.getLogger()) as ca:
    error, chain = ca.enroll(base64.b64encode(request_for("www.example.net")).decode())[:2]
if error:
    raise SystemExit(error)
leaf = x509.load_pem_x509_certificates(chain.encode())[0]
names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName)
print("the leaf, by Python's cryptography: subject", repr(leaf.subject.rfc4514_string()), names.value.get_values_for_type(x509.DNSName),
      "critical" if names.critical else "not critical")
open("leaf.pem", "w").write(chain)
END
openssl=$(openssl verify -CAfile ca.pem leaf.pem 2>&1)
java=$(java Read.java leaf.pem 2>&1) || untried "java runs no source file: $java"
echo "OpenSSL: $openssl"
echo "Java $java"
[ "$openssl" = "leaf.pem: OK" ] || changed "OpenSSL refuses it too"
case $java in
    refuses*) ;;
    *) changed "Java reads it" ;;
esac
