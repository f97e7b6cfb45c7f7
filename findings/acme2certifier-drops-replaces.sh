#!/bin/sh
# acme2certifier: it offers renewal information, and ignores which certificate an order replaces.
#
# A CA whose directory has `renewalInfo` implements RFC 9773, so one would guess that it knows an order's `replaces` too: it repeats it in
# the order (a MUST of section 5), refuses it if it makes no sense, and accepts it once for each certificate. acme2certifier
# drops the field. No order shows it, two orders replace the same certificate, and one that never existed can be replaced. The
# window that it suggests is as surprising: it ends in the very second in which the certificate expires, so a client that chooses at
# random in all of the window (section 4.2) may choose a time that is too late for a second try.
. "$(dirname -- "$0")/lib.sh"
need openssl
python acme2certifier==0.46.3 gunicorn==27.0.1 cryptography==50.0.2
# shellcheck disable=SC2046 # one word
set -- $(free_ports 1)
echo "acme2certifier 0.46.3"

cd -- "$work" || exit
openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 900 -subj "/CN=CA" >said 2>&1 || untried "openssl makes no CA"
cat >acme_srv.cfg <<END
[CAhandler]
handler_module: acme2certifier.cahandlers.openssl_ca_handler
issuing_ca_key: $work/ca.key
issuing_ca_cert: $work/ca.pem
issuing_ca_crl: $work/ca.crl
cert_save_path: $work
cn_enforce: True
[DBhandler]
handler: wsgi
dbfile: $work/acme.db
[Challenge]
challenge_validation_disable: True
END
# The variable is what acme2certifier wants for leaving out the validation.
background env ACME_SRV_CONFIGFILE="$work/acme_srv.cfg" ACME2CERTIFIER_I_KNOW_THE_RISK=1 \
    "$python" -m gunicorn -k gthread --threads 4 -b "127.0.0.1:$1" acme2certifier.share.acme2certifier_wsgi:application

"$python" - "http://127.0.0.1:$1/directory" <<'END' || exit
import sys, urllib.request
from raw_acme import Client, certificate_id
client = Client(sys.argv[1])
client.register()
name = "www.example.net"

def issue(order):
    client.make_ready(order)
    return client.finalize(order, name)[1]

leaf = issue(client.order(name))
replaced = certificate_id(leaf)
if "renewalInfo" not in client.directory:
    sys.exit("CHANGED: no renewalInfo")
window = client.exchange(urllib.request.Request(client.directory["renewalInfo"] + "/" + replaced)).json["suggestedWindow"]
print(f"a certificate from {leaf.not_valid_before_utc:%Y-%m-%dT%H:%M:%SZ} to {leaf.not_valid_after_utc:%Y-%m-%dT%H:%M:%SZ}: the window is {window['start']} to {window['end']}")
dropped = True
for what, certificate in ("the certificate", replaced), ("the same again", replaced), ("one that never existed", "AAAA.AAAA"):
    order = client.new_order(name, replaces=certificate)
    if order.status != 201:
        sys.exit(f"CHANGED: replacing {what}: {order}")
    read = client.post(order.headers["Location"], None)
    dropped &= "replaces" not in order.json and "replaces" not in read.json
    print(f"an order that replaces {what}: {order.status}, it has {', '.join(sorted(read.json))}; issued {issue(order).serial_number:x}")
if not dropped or window["end"] != f"{leaf.not_valid_after_utc:%Y-%m-%dT%H:%M:%SZ}":
    sys.exit("CHANGED")
END
