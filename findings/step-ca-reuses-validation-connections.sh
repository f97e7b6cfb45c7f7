#!/bin/sh
# step-ca: a validation may arrive over the connection of an earlier one, at the address that the name had then.
#
# http-01 proves who answers at the addresses that a name has now, so one would expect each validation to look the name up and to open a
# connection of its own, as Boulder does (it sends `Connection: close`). step-ca keeps its connections open for later validations
# of the same name. If the name has moved meanwhile, the validation still goes to the previous server as long as that server
# keeps the connection open. Each further attempt keeps it alive.
. "$(dirname -- "$0")/lib.sh"
python cryptography==50.0.2 dnslib==0.9.26
# shellcheck disable=SC2046 # one word
set -- $(free_ports 1)
step_ca_options="--resolver=127.0.0.1:$1"
. "$here/step_ca.sh"
step_ca 0.30.2

"$python" - "$directory" "$work/root.pem" "$http_port" "$1" <<'END' || exit
import sys
from dnslib import A, QTYPE, RR
from dnslib.server import BaseResolver, DNSLogger, DNSServer
from raw_acme import Client, Web

directory, root, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
address = ["127.0.0.1"]
questions = []

class Names(BaseResolver):
    def resolve(self, request, handler):
        reply = request.reply()
        if request.q.qtype == QTYPE.A:
            questions.append(address[0])
            reply.add_answer(RR(request.q.qname, QTYPE.A, rdata=A(address[0]), ttl=0))
        return reply

DNSServer(Names(), address="127.0.0.1", port=int(sys.argv[4]), logger=DNSLogger("-request,-reply")).start_thread()
client = Client(directory, root)
client.register()
before = Web(port, lambda path: "Welcome!", "127.0.0.1", keep_alive=True)
now = Web(port, lambda path: path.rsplit("/", 1)[1] + "." + client.thumbprint, "127.0.0.2", keep_alive=True)

def validate(when):
    order = client.order("www.example.net")
    challenge = client.http_challenge(order.json["authorizations"][0])
    seen = client.post(challenge["url"], {}).json
    print(f"{when}: {seen['status']}; DNS was asked {len(questions)} times; requests at 127.0.0.1: {len(before.requests)}, at 127.0.0.2: {len(now.requests)}")
    return seen["status"]

validate("the name leads to 127.0.0.1, which shows a welcome page")
address[0] = "127.0.0.2"
status = validate("the name leads to 127.0.0.2, which has the answer (a new order)")
if status != "invalid" or now.requests or len(before.requests) != 2:
    sys.exit("CHANGED: the second validation went where the name leads")
before.hang_up()
if validate("127.0.0.1 has closed its connection (a third order)") != "valid":
    sys.exit("CHANGED: the third validation should have gone to 127.0.0.2")
END
