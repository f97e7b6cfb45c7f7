#!/bin/sh
# Pebble: an order that asks for no profile gets a random one.
#
# An order may name one of the CA's profiles (the ACME profiles extension). One would guess that an order without a profile gets
# the one called `default`, or at least always the same. Pebble picks one for each order. With the two profiles of its own example
# configuration about half of the certificates live 6 days and the others 90, so a test of renewal times passes or fails by chance.
. "$(dirname -- "$0")/lib.sh"
. "$here/pebble.sh"
python cryptography==50.0.2
pebble_profiles='"shortlived": {"description": "6 days", "validityPeriod": 518400}'
pebble 2.10.3

"$python" - "$directory" "$work/tls.pem" <<'END' || exit
import collections, sys
from raw_acme import Client
client = Client(*sys.argv[1:])
client.register()
lifetimes = collections.Counter()
for number in range(20):
    name = f"www{number}.example.net"
    order = client.order(name)
    client.make_ready(order)
    _, leaf = client.finalize(order, name)
    lifetimes[round((leaf.not_valid_after_utc - leaf.not_valid_before_utc).total_seconds() / 86400)] += 1
print("20 orders without a profile, lifetimes in days:", dict(sorted(lifetimes.items())))
if set(lifetimes) != {6, 90}:
    sys.exit("CHANGED (or, once in 500,000 runs, luck)")
END
