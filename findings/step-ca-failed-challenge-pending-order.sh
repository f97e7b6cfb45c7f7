#!/bin/sh
# step-ca: a challenge that failed for good leaves its authorization and its order pending.
#
# By RFC 8555 7.1.6 a failed challenge makes its authorization invalid, and the authorization its order. So one would poll the
# authorization, or the order, until it is decided. In step-ca a wrong answer makes the challenge invalid, and posting it again
# changes nothing. But authorization and order stay pending until they expire a day later. A client that polls them waits in vain,
# and so does a client that resumes the order. Only the challenge shows the failure.
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
order = client.order("localhost")
authorization = order.json["authorizations"][0]
challenge = client.http_challenge(authorization)
body = ["Welcome!"]
web = Web(port, lambda path: body[0])

def state():
    return tuple(client.post(url, None).json["status"] for url in (challenge["url"], authorization, order.headers["Location"]))

def say(when):
    seen = state()
    print(f"{when}: challenge {seen[0]}, authorization {seen[1]}, order {seen[2]}; {len(web.requests)} requests at the web server")
    if seen != ("invalid", "pending", "pending"):
        sys.exit("CHANGED")

answer = client.post(challenge["url"], {}).json
print("the web server shows a welcome page:", answer["status"], answer.get("error", {}).get("detail"))
say("at once")
time.sleep(5)
say("5 s later")
body[0] = challenge["token"] + "." + client.thumbprint
client.post(challenge["url"], {})
say("the right answer is there, and the challenge was posted again")
end = client.post(order.headers["Location"], None).json["expires"]
print("the order expires at", end, "- it is", time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()))
END
