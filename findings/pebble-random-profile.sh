#!/bin/sh
# Pebble: an order that asks for no profile gets a random one.
#
# An order may name one of the CA's profiles (the ACME profiles extension). One would guess that an order without a profile gets
# the one called `default`, or at least always the same. Pebble picks one for each order. With the two profiles of its own example
# configuration about half of the certificates live 6 days and the others 90, so a test of renewal times passes or fails by chance.
. "$(dirname -- "$0")/lib.sh"
need openssl
python cryptography==50.0.2
go_program github.com/letsencrypt/pebble/v2/cmd/pebble@v2.10.3
# shellcheck disable=SC2046 # two words
set -- $(free_ports 2)
echo "Pebble 2.10.3"

cd -- "$work" || exit
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout tls.key -out tls.pem -days 2 -subj "/CN=127.0.0.1" -addext subjectAltName=IP:127.0.0.1 >said 2>&1 ||
    untried "openssl makes no certificate"
cat >pebble.json <<END
{"pebble": {"listenAddress": "127.0.0.1:$1", "managementListenAddress": "127.0.0.1:$2", "certificate": "tls.pem", "privateKey": "tls.key", "httpPort": 5002, "tlsPort": 5001,
 "profiles": {"default": {"description": "90 days", "validityPeriod": 7776000}, "shortlived": {"description": "6 days", "validityPeriod": 518400}}}}
END
background env PEBBLE_VA_ALWAYS_VALID=1 PEBBLE_VA_NOSLEEP=1 bin/pebble -config pebble.json

"$python" - "https://127.0.0.1:$1/dir" tls.pem <<'END' || exit
import collections, sys
from cryptography import x509
from raw_acme import Client, b64, request_for
client = Client(*sys.argv[1:])
client.register()
lifetimes = collections.Counter()
for number in range(20):
    name = f"www{number}.example.net"
    order = client.order(name)
    for authorization in order.json["authorizations"]:
        client.post(client.http_challenge(authorization)["url"], {})
    client.wait(order.headers["Location"], "ready")
    client.post(order.json["finalize"], {"csr": b64(request_for(name))})
    done = client.wait(order.headers["Location"], "valid")
    leaf = x509.load_pem_x509_certificates(client.post(done["certificate"], None).body)[0]
    lifetimes[round((leaf.not_valid_after_utc - leaf.not_valid_before_utc).total_seconds() / 86400)] += 1
print("20 orders without a profile, lifetimes in days:", dict(sorted(lifetimes.items())))
if set(lifetimes) != {6, 90}:
    sys.exit("CHANGED (or, once in 500,000 runs, luck)")
END
