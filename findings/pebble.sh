# shellcheck shell=sh
# pebble VERSION: Pebble on loopback, which does not validate. Source this file after lib.sh. Sets $directory. Pebble's TLS
# certificate is $work/tls.pem. $pebble_profiles are profiles besides the one called `default`, 90 days.
pebble() {
    need openssl
    go_program "github.com/letsencrypt/pebble/v2/cmd/pebble@v$1"
    # shellcheck disable=SC2046 # two words
    set -- "$1" $(free_ports 2)
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$work/tls.key" -out "$work/tls.pem" -days 2 \
        -subj "/CN=127.0.0.1" -addext subjectAltName=IP:127.0.0.1 >"$work/said" 2>&1 || untried "openssl makes no certificate"
    cat >"$work/pebble.json" <<END
{"pebble": {"listenAddress": "127.0.0.1:$2", "managementListenAddress": "127.0.0.1:$3", "certificate": "$work/tls.pem", "privateKey": "$work/tls.key",
 "httpPort": 5002, "tlsPort": 5001, "profiles": {"default": {"description": "90 days", "validityPeriod": 7776000}${pebble_profiles:+, $pebble_profiles}}}}
END
    background env PEBBLE_VA_ALWAYS_VALID=1 PEBBLE_VA_NOSLEEP=1 "$work/bin/pebble" -config "$work/pebble.json"
    directory=https://127.0.0.1:$2/dir
    echo "Pebble $1"
}
