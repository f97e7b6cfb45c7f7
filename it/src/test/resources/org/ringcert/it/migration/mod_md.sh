# A server of the test whose certificates mod_md orders. All names of the sites lead to it.
set -eu
ip addr add 192.0.1.11/24 dev eth0
ip addr add 192.0.1.12/24 dev eth0
cat >/etc/apache2/conf-available/mod_md.conf <<CONF
MDCertificateAgreement accepted
MDContactEmail hostmaster@example.org
MDomain www.example.org example.org
MDomain shop.example.org
MDomain blog.example.org
CONF
for site in www.example.org shop.example.org blog.example.org; do
    cat >"/etc/apache2/sites-available/$site.conf" <<HOST
<VirtualHost *:443>
    ServerName $site
    SSLEngine on
</VirtualHost>
HOST
    a2ensite -q "$site"
done
sed -i '/ServerName www.example.org/a \    ServerAlias example.org' /etc/apache2/sites-available/www.example.org.conf
a2enmod -q ssl md
a2enconf -q mod_md
systemctl enable --now apache2
systemctl reload apache2
tries=0
for site in www.example.org shop.example.org blog.example.org; do
    until grep -qs '"finished": true' "/etc/apache2/md/staging/$site/job.json"; do
        tries=$((tries + 1))
        [ "$tries" -lt 600 ] || { tail -n 30 /var/log/apache2/error.log; exit 1; }
        sleep 0.1
    done
done
systemctl reload apache2
