#!/bin/sh
# acmez and Pebble: renewal information that says "renew now" is refused as invalid, so a revoked certificate is not renewed.
#
# A CA asks for an early renewal with a window that has passed (RFC 9773 4.2); the window is valid if its end is after its start. For a
# revoked certificate Pebble's window is exactly one second long. One would guess that any client renews at once. acmez, the ACME client
# of Caddy and certmagic, needs a whole second after the start's and before the end's to choose from. It takes the window for a malformed
# one, asks twice more, and returns an error. Its caller falls back to its own schedule, as if nothing had happened.
. "$(dirname -- "$0")/lib.sh"
. "$here/pebble.sh"
need go
python cryptography==50.0.2
mkdir "$work/try" && cd -- "$work/try" || exit
cat >go.mod <<'END'
module try

go 1.26.0

require github.com/mholt/acmez/v3 v3.1.7
END
cat >main.go <<'END'
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net/http"
	"os"

	"github.com/mholt/acmez/v3/acme"
)

func main() {
	roots := x509.NewCertPool()
	text, _ := os.ReadFile(os.Args[2])
	roots.AppendCertsFromPEM(text)
	text, _ = os.ReadFile(os.Args[3])
	block, _ := pem.Decode(text)
	leaf, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		panic(err)
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}
	client := &acme.Client{Directory: os.Args[1], HTTPClient: &http.Client{Transport: transport}}
	info, err := client.GetRenewalInfo(context.Background(), leaf)
	if err != nil {
		fmt.Println("error:", err)
	} else {
		fmt.Println("chosen time:", info.SelectedTime)
	}
}
END
CGO_ENABLED=0 go build -mod=mod -o try . >"$work/said" 2>&1 || untried "go cannot build with acmez: $(tail -n 1 "$work/said")"
pebble 2.10.3
echo "acmez 3.1.7"

"$python" - "$directory" "$work/tls.pem" <<'END' || exit
import subprocess, sys, urllib.request
from cryptography.hazmat.primitives import serialization
from raw_acme import Client, b64, certificate_id
client = Client(*sys.argv[1:])
client.register()
order = client.order("www.example.net")
client.make_ready(order)
_, leaf = client.finalize(order, "www.example.net")
open("leaf.pem", "wb").write(leaf.public_bytes(serialization.Encoding.PEM))

def look(when):
    answer = client.exchange(urllib.request.Request(client.directory["renewalInfo"] + "/" + certificate_id(leaf)))
    window = answer.json["suggestedWindow"]
    said = subprocess.run(["./try", *sys.argv[1:], "leaf.pem"], capture_output=True, text=True)
    print(f"{when}: Pebble's window is {window['start']} to {window['end']}\n  acmez: {said.stdout.strip()}")
    return said.stdout

before = look("issued")
revoked = client.post(client.directory["revokeCert"], {"certificate": b64(leaf.public_bytes(serialization.Encoding.DER)), "reason": 4})
if revoked.status != 200:
    sys.exit(f"CHANGED: not revoked: {revoked}")
after = look("revoked")
if not before.startswith("chosen time:") or "usable ARI window" not in after:
    sys.exit("CHANGED")
END
