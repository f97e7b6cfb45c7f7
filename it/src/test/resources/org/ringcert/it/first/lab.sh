#!/bin/bash
# Three Debian servers and an Internet, in namespaces of their own: to be run by unshare as the first process of a pid, a mount and a network namespace.
# All of it vanishes with this process. lab.sh FOLDER SCRIPTS PEBBLE CHALLTESTSRV
#
# A server is this machine's own root under an overlay, so that nothing of the machine is changed, with a network of its own. What is not real
# there stands in one place: the folder of this script (systemctl, ssh, scp) and "The Internet" below.
set -eu
lab=$1 scripts=$2 pebble=$3 challtestsrv=$4
servers="web0 web1 web2"

mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs "$lab"
mkdir -p /run/netns "$lab/internet"
mount -t tmpfs tmpfs /run/netns
cp "$scripts"/on "$lab/on"
chmod 755 "$lab/on"

# The Internet: a switch, DNS, and the CA under the names of Let's Encrypt. Pebble stands for it, behind nginx, as its directory has another path.
ip link set lo up
ip link add street type bridge
ip addr add 192.0.2.1/24 dev street
ip addr add 192.0.2.2/24 dev street
ip link set street up
cd "$lab/internet"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out ca.pem -days 2 -subj /CN=acme \
    -addext "subjectAltName=DNS:acme-v02.api.letsencrypt.org,DNS:acme-staging-v02.api.letsencrypt.org,DNS:localhost" 2>openssl.log
"$challtestsrv" -management 127.0.0.1:8055 -dns01 192.0.2.1:53 -defaultIPv4 "" -defaultIPv6 "" -http01 "" -https01 "" -tlsalpn01 "" >dns.log 2>&1 &
authority() {
    cat >"$1.json" <<END
{"pebble": {"listenAddress": "127.0.0.1:$2", "managementListenAddress": "127.0.0.1:$(($2 + 1000))", "certificate": "ca.pem", "privateKey": "key.pem",
 "httpPort": 80, "tlsPort": 1, "certificateValidityPeriod": 7776000}}
END
    PEBBLE_VA_NOSLEEP=1 PEBBLE_WFE_NONCEREJECT=0 "$pebble" -config "$1.json" -dnsserver 192.0.2.1:53 >"$1.log" 2>&1 &
    cat >>nginx.conf <<END
server {
    listen $3:443 ssl;
    ssl_certificate $PWD/ca.pem;
    ssl_certificate_key $PWD/key.pem;
    proxy_set_header Host \$host;
    location = /directory { proxy_pass https://127.0.0.1:$2/dir; }
    location / { proxy_pass https://127.0.0.1:$2; }
}
END
}
echo "pid $PWD/nginx.pid; error_log $PWD/nginx.log; events {} http { access_log off;" >nginx.conf
authority staging 14000 192.0.2.1
authority real 24000 192.0.2.2
echo "}" >>nginx.conf
/usr/sbin/nginx -c "$PWD/nginx.conf" -e "$PWD/nginx.log"
until curl -s -o dns.answer http://127.0.0.1:8055/; do sleep 0.05; done
name() {
    curl -sf -o dns.answer -d "{\"host\": \"$1\", \"addresses\": [\"$2\"]}" http://127.0.0.1:8055/add-a
}
name acme-staging-v02.api.letsencrypt.org 192.0.2.1
name acme-v02.api.letsencrypt.org 192.0.2.2
name www.example.org 192.0.2.10
name example.org 192.0.2.10
name shop.example.org 192.0.2.11
name blog.example.org 192.0.2.12

# The servers.
number=10
for server in $servers; do
    root=$lab/$server
    mkdir -p "$root" "$lab/.$server/upper" "$lab/.$server/work"
    mount -t overlay overlay -o "lowerdir=/,upperdir=$lab/.$server/upper,workdir=$lab/.$server/work" "$root"
    mount --rbind /dev "$root/dev"
    mount --bind /proc "$root/proc"
    mount -t tmpfs -o mode=755 tmpfs "$root/run"
    mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
    mkdir -p "$root/run/lock" "$root/run/apache2" "$root/hosts"
    ip netns add "$server"
    ip link add "$server" type veth peer name eth0 netns "$server"
    ip link set "$server" master street up
    ip -n "$server" addr add "192.0.2.$number/24" dev eth0
    ip -n "$server" link set lo up
    ip -n "$server" link set eth0 up
    name "$server.example.org" "192.0.2.$number"
    rm -f "$root/etc/resolv.conf" "$root/etc/hosts" "$root/etc/hostname"
    echo "nameserver 192.0.2.1" >"$root/etc/resolv.conf"
    echo "$server.example.org" >"$root/etc/hostname"
    printf '127.0.0.1 localhost\n192.0.2.%s %s.example.org %s\n' "$number" "$server" "$server" >"$root/etc/hosts"
    # Nothing that an administrator or another test has left here is part of a bare server.
    rm -rf "$root/etc/ringcert" "$root/var/lib/ringcert" "$root/opt" "$root/usr/local/bin/ringcert"
    mkdir "$root/opt"
    cp "$scripts/systemctl" "$scripts/ssh" "$scripts/scp" "$root/usr/bin/"
    chmod 755 "$root/usr/bin/systemctl" "$root/usr/bin/ssh" "$root/usr/bin/scp"
    cat "$lab/internet/ca.pem" >>"$root/etc/ssl/certs/ca-certificates.crt"
    number=$((number + 1))
done
for server in $servers; do
    for other in $servers; do
        mkdir "$lab/$server/hosts/$other.example.org"
        mount --bind "$lab/$other" "$lab/$server/hosts/$other.example.org"
    done
done
until curl -sk -o answer https://192.0.2.1/directory && curl -sk -o answer https://192.0.2.2/directory; do sleep 0.05; done
echo "the servers are there"
sleep infinity &
while :; do wait || true; done
