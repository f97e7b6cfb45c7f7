# Two servers, one that can be reloaded and one that can only be restarted, and what Ringcert does for them: it touches files.
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
# served WHICH WHAT: waits until that is what it serves.
served() {
    for _ in $(seq 200); do
        if [ "$(cat "/run/$1" 2>/dev/null)" = "$2" ]; then
            return
        fi
        sleep 0.1
    done
    echo "/run/$1 is not at $2"
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

# As a directory it would stand in the way for ever.
runuser -u ringcert -- mkdir -p /run/ringcert/reload/inside
served reloaded second
until [ ! -e /run/ringcert/reload ]; do sleep 0.1; done

systemctl enable --now ringcert-reload@restarted.path
for i in 8 9 10 11 12 13 14; do
    renewed "$i" /run/ringcert/reload-reloaded /run/ringcert/reload-restarted
    served reloaded "$i"
    served restarted "$i"
done
