# Root renews by hand while no unit removes the touched file.
systemctl restart ringcert
until ringcert status; do sleep 0.5; done
systemctl stop 'ringcert-reload@*'
rm -rf /run/ringcert/reload
(cd /root && ringcert renew --force)
[ "$(stat -c %U /run/ringcert/reload)" = ringcert ]
runuser -u ringcert -- ringcert renew --force
find /var/lib/ringcert ! -user ringcert | grep . && exit 1
systemctl stop ringcert
