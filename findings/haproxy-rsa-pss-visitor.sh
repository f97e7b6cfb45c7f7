#!/bin/sh
# HAProxy: a visitor who accepts RSA signatures as TLS 1.3 makes them gets no certificate, although there is an RSA one.
#
# Where a name has an EC and an RSA certificate, HAProxy chooses between them by the visitor's signature schemes. TLS 1.3 signs with
# RSA-PSS only (RFC 8446 4.2.3), so one would guess that a visitor who lists just `rsa_pss_rsae_sha256` gets the RSA certificate.
# HAProxy reads each scheme as a pair of hash and signature, as TLS 1.2 had them, and recognizes RSA only by the schemes with
# PKCS #1. It takes the EC certificate, and the handshake fails. With a PKCS #1 scheme in the list, which TLS 1.3 allows for
# signatures in the chain only, the same visitor is served.
. "$(dirname -- "$0")/lib.sh"
need haproxy openssl python3
cd -- "$work" || exit
echo "$(haproxy -v | head -n 1), $(openssl version | cut -d' ' -f1,2)"

for kind in "ec -pkeyopt ec_paramgen_curve:P-256" rsa:2048; do
    # shellcheck disable=SC2086 # several words
    openssl req -x509 -newkey $kind -nodes -keyout key.pem -out cert.pem -days 2 -subj "/CN=www.example.net" \
        -addext subjectAltName=DNS:www.example.net >said 2>&1 || untried "openssl makes no certificate: $(tail -n 1 said)"
    cat cert.pem key.pem >"${kind%%[ :]*}.pem"
done
port=$(free_ports 1)
cat >haproxy.cfg <<END
defaults
    mode http
    timeout client 10s
    timeout server 10s
    timeout connect 10s
frontend https
    bind 127.0.0.1:$port ssl crt $work/ec.pem crt $work/rsa.pem
    http-request return status 200
END
background haproxy -db -f haproxy.cfg

# visit SCHEMES: prints the kind of key in the certificate that is served.
visit() {
    openssl s_client -connect "127.0.0.1:$port" -servername www.example.net -tls1_3 -sigalgs "$1" </dev/null >seen 2>&1
    openssl x509 -in seen -noout -text 2>/dev/null | sed -n 's/.*Public Key Algorithm: //p' | grep . || echo nothing
}

for _ in 1 2 3 4 5 6 7 8 9 10; do
    ec=$(visit ecdsa_secp256r1_sha256)
    [ "$ec" != nothing ] && break
    sleep 1
done
pss=$(visit rsa_pss_rsae_sha256)
both=$(visit rsa_pss_rsae_sha256:rsa_pkcs1_sha256)
echo "a visitor who lists ecdsa_secp256r1_sha256 gets: $ec"
echo "a visitor who lists rsa_pss_rsae_sha256 gets: $pss"
echo "a visitor who lists rsa_pss_rsae_sha256 and rsa_pkcs1_sha256 gets: $both"
[ "$ec" = id-ecPublicKey ] || untried "HAProxy does not answer: $(tail -n 1 log)"
[ "$both" = rsaEncryption ] || changed "the visitor with both is not served"
[ "$pss" = nothing ] || changed "the visitor with RSA-PSS alone is served"
