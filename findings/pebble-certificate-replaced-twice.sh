#!/bin/sh
# Pebble: two open orders can replace the same certificate, and both are issued.
#
# An order may name the certificate that it replaces (RFC 9773 5), and only one order can replace it: a server should refuse another
# order for it as `alreadyReplaced`, unless the first has become invalid. So one would guess that the second order is refused as soon
# as the first exists, as Let's Encrypt does. Pebble marks a certificate as replaced only when the new one has been issued. Until then
# it accepts any number of such orders, repeats `replaces` in each, and issues them all. A test with Pebble never meets
# the refusal that a client gets from Let's Encrypt when it has lost track of an open order.
. "$(dirname -- "$0")/lib.sh"
. "$here/pebble.sh"
python cryptography==50.0.2
pebble 2.10.3

"$python" - "$directory" "$work/tls.pem" <<'END' || exit
import sys
from raw_acme import Client, certificate_id
client = Client(*sys.argv[1:])
client.register()
name = "www.example.net"
first = client.order(name)
client.make_ready(first)
replaced = certificate_id(client.finalize(first, name)[1])

orders = [client.new_order(name, replaces=replaced) for _ in range(3)]
print("three orders that replace one certificate:", *[order.status for order in orders])
if [order.status for order in orders] != [201, 201, 201]:
    sys.exit("CHANGED")
for order in orders:
    client.make_ready(order)
issued = [client.finalize(order, name) for order in orders]
for done, leaf in issued:
    print(f"{done['status']}, serial number {leaf.serial_number:x}, replaces is", "repeated" if done.get("replaces") == replaced else "not repeated")
last = client.new_order(name, replaces=replaced)
print("a fourth one now:", last.status, last.json.get("type"))
if len({leaf.serial_number for _, leaf in issued}) != 3 or any(done.get("replaces") != replaced for done, _ in issued):
    sys.exit("CHANGED")
if last.status != 409:
    sys.exit("CHANGED: it is never refused")
END
