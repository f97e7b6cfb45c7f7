#!/bin/bash
# network.sh DIRECTORY GROUP PEBBLE CHALLTESTSRV SERVER...
# Starts Debian servers on a network of their own. unshare runs it as the first process of a pid, a mount and a network
# namespace. Everything except the control group is gone when this process ends.
#
# The root directory of a server is an overlay over this machine's, so that nothing on the machine changes. Each server
# has its own network, systemd and sshd. The administrator's machine, which can log in to each server as root, is this
# namespace. It has this machine's files, but its own /etc/ssh/ssh_config.
set -eu
here=$(dirname "$0")
work=$1 group=$2 pebble=$3 challtestsrv=$4
shift 4

mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs "$work"
mkdir -p /run/netns "$work/services" "$work/admin"
mount -t tmpfs tmpfs /run/netns

# The network: a switch, DNS, and a CA with Let's Encrypt's names. The CA is Pebble. nginx is in front of it, because
# the path of Pebble's directory differs. The addresses are 192.0.1.x, because those for documentation (192.0.2.x) are
# not public, and a look before an order takes the CA for Let's Encrypt.
ip link set lo up
ip link add switch type bridge
ip addr add 192.0.1.1/24 dev switch
ip addr add 192.0.1.2/24 dev switch
ip link set switch up
cd "$work/services"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out ca.pem -days 2 -subj /CN=acme \
    -addext "subjectAltName=DNS:acme-v02.api.letsencrypt.org,DNS:acme-staging-v02.api.letsencrypt.org,DNS:localhost" 2>openssl.log
"$challtestsrv" -management 127.0.0.1:8055 -dns01 192.0.1.1:53 -defaultIPv4 "" -defaultIPv6 "" -http01 "" -https01 "" -tlsalpn01 "" >dns.log 2>&1 &
authority() {
    cat >"$1.json" <<END
{"pebble": {"listenAddress": "127.0.0.1:$2", "managementListenAddress": "127.0.0.1:$(($2 + 1000))", "certificate": "ca.pem", "privateKey": "key.pem",
 "httpPort": 80, "tlsPort": 1, "certificateValidityPeriod": 7776000}}
END
    PEBBLE_VA_NOSLEEP=1 PEBBLE_WFE_NONCEREJECT=0 "$pebble" -config "$1.json" -dnsserver 192.0.1.1:53 >"$1.log" 2>&1 &
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
authority staging 14000 192.0.1.1
authority real 24000 192.0.1.2
echo "}" >>nginx.conf
/usr/sbin/nginx -c "$PWD/nginx.conf" -e "$PWD/nginx.log"
until curl -s -o dns.answer http://127.0.0.1:8055/; do sleep 0.05; done
name() {
    curl -sf -o dns.answer -d "{\"host\": \"$1\", \"addresses\": [\"$2\"]}" http://127.0.0.1:8055/add-a
}
name acme-staging-v02.api.letsencrypt.org 192.0.1.1
name acme-v02.api.letsencrypt.org 192.0.1.2
name www.example.org 192.0.1.10
name example.org 192.0.1.10
name shop.example.org 192.0.1.11
name blog.example.org 192.0.1.12
echo "nameserver 192.0.1.1" >resolv.conf
ssh-keygen -q -t ed25519 -N '' -C root -f key
cat >ssh_config <<END
IdentityFile $PWD/key
UserKnownHostsFile $PWD/known_hosts
StrictHostKeyChecking accept-new
LogLevel ERROR
ControlMaster auto
ControlPath $PWD/%C
ControlPersist yes
END
mount --bind resolv.conf /etc/resolv.conf
mount --bind ssh_config /etc/ssh/ssh_config

# The servers.
number=10
for server; do
    name "$server.example.org" "192.0.1.$number"
    ip netns add "$server"
    ip link add "$server" type veth peer name eth0 netns "$server"
    ip link set "$server" master switch up
    ip -n "$server" addr add "192.0.1.$number/24" dev eth0
    ip -n "$server" link set lo up
    ip -n "$server" link set eth0 up
    mkdir "$group/$server"
    (
        echo "$BASHPID" >"$group/$server/cgroup.procs"
        exec ip netns exec "$server" unshare -m -p -C -u -i -f --kill-child bash "$here/server.sh" "$work" "$server" "192.0.1.$number" >"$server.log" 2>&1 </dev/null
    ) &
    number=$((number + 1))
done
until curl -skf -o answer https://192.0.1.1/directory && curl -skf -o answer https://192.0.1.2/directory; do sleep 0.05; done
for server; do
    until ssh -o BatchMode=yes "root@$server.example.org" true 2>>ssh.log; do sleep 0.1; done
done
echo "the servers are ready"
sleep infinity &
while :; do wait || true; done
