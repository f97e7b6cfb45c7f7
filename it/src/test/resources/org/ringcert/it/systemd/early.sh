# A boot at which the server's name comes late, and DNS never: its server is silent.
systemctl stop ringcert
began=$(date +%s)
said() {
    for _ in $(seq 300); do
        if journalctl -u ringcert --no-pager --since "@$began" | grep -qF "$1"; then
            return
        fi
        sleep 0.1
    done
    echo "ringcert has not said: $1"
    journalctl -u ringcert --no-pager --since "@$began"
    exit 1
}
cp /etc/resolv.conf /run/resolv.conf
echo "nameserver 192.0.2.200" >/etc/resolv.conf
echo "127.0.0.1 localhost" >/etc/hosts
hostname booting
systemctl start ringcert
said 'The host is named "booting"'
hostname web0.example.org
said 'web0.example.org answers on'
timeout 5 ringcert status || [ $? = 1 ]
# Started again and again by hand it comes up as well.
for _ in 1 2 3 4 5 6 7; do systemctl restart ringcert; done
systemctl is-active ringcert
cat /run/resolv.conf >/etc/resolv.conf
