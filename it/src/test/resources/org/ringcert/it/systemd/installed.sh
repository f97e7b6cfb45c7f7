# Installs the archive and its units on the only server of a site. Starts nothing.
tar -C /opt -xzf ringcert-*-linux-x86_64.tar.gz
ln -sfn /opt/ringcert-* /opt/ringcert
ln -sf /opt/ringcert/bin/ringcert /usr/local/bin/
install -D -m 644 /opt/ringcert/sysusers.d/ringcert.conf /etc/sysusers.d/ringcert.conf && systemd-sysusers
install -m 644 /opt/ringcert/systemd/* /etc/systemd/system/ && systemctl daemon-reload
mkdir -p /etc/ringcert
cat >/etc/ringcert/ringcert.toml <<END
[[node]]
name = "web0.example.org"
[[site]]
names = ["www.example.org", "example.org"]
[acme]
directory = "letsencrypt-staging"
agree-to-terms = true
[deploy]
run = ["touch", "/run/ringcert/reload"]
END
