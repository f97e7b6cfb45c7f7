#!/bin/sh
# certbot's acme library: a date in Retry-After is read as local time, so how long it waits depends on the time zone.
#
# Retry-After is a number of seconds or a date, and the date is always in GMT (RFC 9110 10.2.3, 5.6.7). One would guess that both forms
# lead to the same time, wherever the client runs. For a number acme adds to the local time; from a date it takes year to second, and
# drops that they are GMT. Its caller compares both with the local time. If a CA says in how many hours it wants to be asked for renewal
# information again (RFC 9773 4.3.2) by a date, a client in New York waits five hours longer, and one in Auckland not at all.
. "$(dirname -- "$0")/lib.sh"
python acme==5.9.0 josepy==2.2.0 cryptography==50.0.2
echo "acme 5.9.0"

"$python" - <<'END' || exit
import datetime, email.utils, http.server, json, os, sys, threading, time
import josepy
from acme.client import ClientNetwork, ClientV2
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

now = datetime.datetime.now(datetime.timezone.utc)
key = ec.generate_private_key(ec.SECP256R1())
certificate = x509.CertificateBuilder(
    x509.Name([]), x509.Name([]), key.public_key(), 7, now, now + datetime.timedelta(days=90)
).add_extension(x509.AuthorityKeyIdentifier(b"key of the CA", None, None), critical=False).sign(key, hashes.SHA256())
pem = certificate.public_bytes(serialization.Encoding.PEM)

class CA(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        body = {"renewalInfo": url + "/seconds"}
        if self.path != "/directory":
            body = {"suggestedWindow": {"start": "2100-01-01T00:00:00Z", "end": "2100-01-02T00:00:00Z"}}
            self.send_header("Retry-After", str(hours * 3600) if "/seconds/" in self.path else email.utils.formatdate(time.time() + hours * 3600, usegmt=True))
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_):
        pass

hours = 6
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), CA)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}"
net = ClientNetwork(josepy.JWKRSA(key=rsa.generate_private_key(65537, 2048)))

def waits(form):
    """Hours until the library wants to ask again, as a caller reckons who compares with its local time."""
    client = ClientV2(type(ClientV2.get_directory(url + "/directory", net)).from_json({"renewalInfo": f"{url}/{form}"}), net)
    _, again = client.renewal_time(pem)
    return round((again - datetime.datetime.now()).total_seconds() / 3600, 1)

seen = {}
for zone, shift in ("UTC", 0), ("EST5", 5), ("IST-5:30", -5.5), ("NZST-12", -12):
    os.environ["TZ"] = zone
    time.tzset()
    seen[zone] = waits("seconds"), waits("date"), hours + shift
    print(f"TZ={zone}: the CA wants to be asked again in {hours} h; said in seconds, acme waits {seen[zone][0]} h, said as a date {seen[zone][1]} h")
if any((seconds, date) != (hours, shifted) for seconds, date, shifted in seen.values()):
    sys.exit("CHANGED")
END
