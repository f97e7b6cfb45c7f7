# A visitor of a server's sites, who writes down each time that one of them has no certificate. Ends with the server.
set -eu
cat >/usr/local/bin/visitor <<'END'
#!/bin/sh
while :; do
    for site in www.example.org shop.example.org blog.example.org; do
        openssl s_client -connect localhost:443 -servername $site -no-CAfile -no-CApath -no-CAstore </dev/null 2>/dev/null |
            openssl x509 -noout -checkhost $site 2>&1 | grep -q ' does match ' || echo "$site at $(date -u)" >>/root/missed
    done
    touch /root/visited
    sleep 1
done
END
chmod +x /usr/local/bin/visitor
systemd-run --quiet --unit=visitor /usr/local/bin/visitor
