# article.sh CHALLENGES NEXT
# Sets up a server of the test as in "Clustering Let's Encrypt with Apache" (2019).
set -eu
challenges=$1 next=$2
mkdir -p "$challenges"
cat >/etc/apache2/sites-available/catchall.conf <<END
<VirtualHost *:80>
    ServerName $(hostname)
    RewriteEngine on
    RewriteCond %{REQUEST_URI} !^/.well-known/acme-challenge/
    RewriteRule ^ https://%{SERVER_NAME}%{REQUEST_URI} [L,R=301]
    RewriteCond $challenges/\$1 -f
    RewriteRule ^/.well-known/acme-challenge/(.*) $challenges/\$1 [L]
    RewriteRule ^ http://$next%{REQUEST_URI} [R=302]
    <Directory $challenges/>
        Options FollowSymlinks
        AllowOverride None
        Require all granted
    </Directory>
</VirtualHost>
END
a2enmod -q rewrite ssl
a2dissite -q 000-default
a2ensite -q catchall
systemctl enable --now apache2
systemctl reload apache2
