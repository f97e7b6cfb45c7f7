# Two services, one that can be reloaded and one that can only be restarted. Files are touched for them as Ringcert does
# after a renewal.
cat >/etc/systemd/system/reloaded.service <<END
[Service]
ExecStart=/bin/sleep infinity
ExecReload=/bin/sh -c 'cp /run/new /run/reading; sleep 0.3; mv /run/reading /run/reloaded'
END
cat >/etc/systemd/system/restarted.service <<END
[Service]
ExecStart=/bin/sh -c 'cp /run/new /run/restarted; exec sleep infinity'
END
echo 0 >/run/new
systemctl daemon-reload
systemctl start reloaded restarted
rm -rf /run/ringcert
install -d -o ringcert -g ringcert /run/ringcert
renewed() {
    echo "$1" >/run/new
    shift
    runuser -u ringcert -- touch "$@"
}
# served SERVICE VALUE: waits until the service serves the value.
served() {
    for _ in $(seq 200); do
        if [ "$(cat "/run/$1" 2>/dev/null)" = "$2" ]; then
            return
        fi
        sleep 0.1
    done
    echo "/run/$1 is not $2"
    systemctl status --no-pager 'ringcert-reload@*' "$1" || true
    exit 1
}

systemctl enable --now ringcert-reload@reloaded.path
for i in 1 2 3 4 5 6 7; do
    renewed "$i" /run/ringcert/reload
    served reloaded "$i"
done

renewed first /run/ringcert/reload
served reading first
renewed second /run/ringcert/reload
served reloaded second

# A directory of that name is removed, too. Otherwise it would block all later reloads.
runuser -u ringcert -- mkdir -p /run/ringcert/reload/inside
served reloaded second
until [ ! -e /run/ringcert/reload ]; do sleep 0.1; done

systemctl enable --now ringcert-reload@restarted.path
for i in 8 9 10 11 12 13 14; do
    renewed "$i" /run/ringcert/reload-reloaded /run/ringcert/reload-restarted
    served reloaded "$i"
    served restarted "$i"
done
