#!/bin/sh
# step-ca: reading a challenge starts its validation.
#
# In RFC 8555 a client reads a challenge by POST-as-GET, whose payload is empty (6.3), and says that it is ready by a POST whose
# payload is {} (7.5.1). One would guess that reading changes nothing, so that a client may look at a challenge before
# its answer is published. In step-ca both start the validation. A client that looks too early has lost the challenge.
. "$(dirname -- "$0")/lib.sh"
. "$here/step_ca.sh"
python cryptography==50.0.2
step_ca 0.30.2

"$python" - "$directory" "$work/root.pem" "$http_port" <<'END' || exit
import sys, time
from raw_acme import Client, Web
directory, root, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
client = Client(directory, root)
client.register()
challenge = client.http_challenge(client.order("localhost").json["authorizations"][0])
web = Web(port, lambda path: path.rsplit("/", 1)[1] + "." + client.thumbprint)
time.sleep(1)
print("the challenge, as the authorization shows it:", challenge["status"], "- requests at the web server:", len(web.requests))
if challenge["status"] != "pending" or web.requests:
    sys.exit("CHANGED: the authorization alone is enough now")
looked = client.post(challenge["url"], None)
print("POST-as-GET of the challenge:", looked.status, looked.json["status"], "- requests at the web server:", len(web.requests))
if looked.json["status"] != "valid" or not web.requests:
    sys.exit("CHANGED: a look is a look")
END
