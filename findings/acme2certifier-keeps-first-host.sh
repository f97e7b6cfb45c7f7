#!/bin/sh
# acme2certifier: after a redirect to another host, the http-01 validation still sends the first host's name.
#
# A request's Host is that of its URL (RFC 9110 7.2), so one would guess that after a redirect it is the new host. acme2certifier sets
# Host itself, because it connects to addresses that it resolved before. Python's requests follows the redirect; when the host
# changes it drops a header such as Authorization, but it keeps a Host that its caller set. So a web server that chooses by name
# answers from the wrong virtual host. Only a server that ignores the host answers correctly.
. "$(dirname -- "$0")/lib.sh"
need unshare ip mount
unshare -rnm true 2>/dev/null || untried "no namespaces for a user here"
python acme2certifier==0.46.3 requests==2.34.2 dnslib==0.9.26 cryptography==50.0.2
echo "acme2certifier 0.46.3, requests 2.34.2"
echo "nameserver 127.0.0.1" >"$work/resolv.conf"

cat >"$work/try.py" <<'END'
import logging, sys
from dnslib.server import DNSServer
from dnslib.zoneresolver import ZoneResolver
from acme2certifier.acme_srv.challenge_validators.base import ChallengeContext
from acme2certifier.acme_srv.challenge_validators.http_validator import HttpChallengeValidator
from raw_acme import Web
zone = ZoneResolver("first.example.net. 0 A 127.0.0.1\nsecond.example.net. 0 A 127.0.0.2")
DNSServer(zone, address="127.0.0.1", port=53, logger=type("Quiet", (), {"__getattr__": lambda *_: lambda *_: None})()).start_thread()
first = Web(80, lambda path: "http://second.example.net" + path, "127.0.0.1")
second = Web(80, lambda path: "token.thumbprint", "127.0.0.2")
result = HttpChallengeValidator(logging.getLogger()).perform_validation(
    ChallengeContext("challenge", "token", "thumbprint", "dns", "first.example.net", dns_servers=["127.0.0.1"]))
print("validated:", result.success)
print("first.example.net, which redirects to second.example.net, was asked with Host", *[host for _, host in first.requests])
print("second.example.net was asked with Host", *[host for _, host in second.requests])
if not result.success or [host for _, host in second.requests] != ["first.example.net"]:
    sys.exit("CHANGED")
END
# Port 80 and port 53, in a network of its own.
unshare -rnm sh -c 'ip link set lo up && mount --bind "$0/resolv.conf" /etc/resolv.conf && exec "$1" "$0/try.py"' "$work" "$python"
