# certificates.sh PROGRAM
# Gets the first certificates of a server of the test, and adds its virtual hosts for https. All servers already have
# the rules of "Clustering Let's Encrypt with Apache" (2019) on port 80.
set -eu
program=$1
if [ "$program" = dehydrated ]; then
    certs=/var/lib/dehydrated/certs
    mkdir -p /etc/dehydrated
    printf 'BASEDIR=/var/lib/dehydrated\nWELLKNOWN=/var/lib/dehydrated/acme-challenges\nDOMAINS_TXT=/etc/dehydrated/domains.txt\n' >/etc/dehydrated/config
    printf 'www.example.org example.org\nshop.example.org\nblog.example.org\n' >/etc/dehydrated/domains.txt
    echo '17 4 * * * root /usr/bin/dehydrated --cron' >/etc/cron.d/dehydrated
    dehydrated --register --accept-terms
    dehydrated --cron
else
    certs=/etc/letsencrypt/live
    for names in www.example.org,example.org shop.example.org blog.example.org; do
        certbot certonly -n --agree-tos --register-unsafely-without-email --webroot -w /var/www/html -d "$names"
    done
    systemctl enable --now certbot.timer
fi
for site in www.example.org shop.example.org blog.example.org; do
    cat >"/etc/apache2/sites-available/$site.conf" <<END
<VirtualHost *:443>
    ServerName $site
    SSLEngine on
    SSLCertificateFile $certs/$site/fullchain.pem
    SSLCertificateKeyFile $certs/$site/privkey.pem
</VirtualHost>
END
    a2ensite -q "$site"
done
systemctl reload apache2
