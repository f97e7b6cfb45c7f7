# shellcheck shell=sh
# step_ca VERSION: step-ca on loopback with one ACME provisioner, which validates http-01 at $http_port. Source it after lib.sh.
# Sets $directory. The root certificate is $work/root.pem. $step_ca_options are further options.
step_ca() {
    need openssl
    go_program "github.com/smallstep/certificates/cmd/step-ca@v$1"
    # shellcheck disable=SC2046 # two words
    set -- "$1" $(free_ports 2)
    http_port=$3
    (
        cd -- "$work" && mkdir db
        ec="-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
        # shellcheck disable=SC2086 # several words
        openssl req -x509 $ec -keyout root.key -out root.pem -days 2 -subj "/CN=Root" -addext keyUsage=critical,keyCertSign,cRLSign &&
            openssl req $ec -keyout intermediate.key -out intermediate.csr -subj "/CN=Intermediate" &&
            printf 'basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n' >extensions &&
            openssl x509 -req -in intermediate.csr -CA root.pem -CAkey root.key -CAcreateserial -days 2 -extfile extensions -out intermediate.pem
    ) >"$work/said" 2>&1 || untried "openssl cannot make a CA: $(tail -n 1 "$work/said")"
    cat >"$work/ca.json" <<END
{"root": "$work/root.pem", "crt": "$work/intermediate.pem", "key": "$work/intermediate.key", "address": "127.0.0.1:$2", "dnsNames": ["localhost", "127.0.0.1"],
 "db": {"type": "badgerv2", "dataSource": "$work/db"}, "authority": {"provisioners": [{"type": "ACME", "name": "acme"}]}}
END
    background env STEPPATH="$work" "$work/bin/step-ca" --insecure --acme-http-port="$http_port" ${step_ca_options:+"$step_ca_options"} "$work/ca.json"
    directory=https://127.0.0.1:$2/acme/acme/directory
    echo "step-ca $1"
}
