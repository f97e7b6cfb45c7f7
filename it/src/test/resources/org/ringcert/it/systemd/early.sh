# A boot at which the host name is set late, and the DNS server never answers.
systemctl stop ringcert
began=$(date +%s)
await_log() {
    for _ in $(seq 300); do
        if journalctl -u ringcert --no-pager --since "@$began" | grep -qF "$1"; then
            return
        fi
        sleep 0.1
    done
    echo "not in the log of ringcert: $1"
    journalctl -u ringcert --no-pager --since "@$began"
    exit 1
}
cp /etc/resolv.conf /run/resolv.conf
echo "nameserver 192.0.2.200" >/etc/resolv.conf
echo "127.0.0.1 localhost" >/etc/hosts
hostname booting
systemctl start ringcert
await_log 'The host is named "booting"'
hostname web0.example.org
await_log 'web0.example.org answers on'
timeout 5 ringcert status || [ $? = 1 ]
# It also survives repeated restarts by hand.
for _ in 1 2 3 4 5 6 7; do systemctl restart ringcert; done
systemctl is-active ringcert
cat /run/resolv.conf >/etc/resolv.conf
