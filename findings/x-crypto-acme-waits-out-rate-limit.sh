#!/bin/sh
# golang.org/x/crypto/acme: an order that a CA refuses for its limits (429) returns no error. It waits inside the call.
#
# A CA refuses an order with rateLimited (RFC 8555 6.6) and says in Retry-After when to come again: at Let's Encrypt a day or two
# later. One would guess that AuthorizeOrder returns that as an error, because the package has RateLimit(err) to read the time from
# it. But 429 counts as an error to retry: the call sleeps for as long as the CA says, and then orders again. RateLimit sees an
# error only if the context ends before. So a program without a deadline stands still for 34 hours and does not know why.
#
# The CA here asks for four seconds, and then accepts.
. "$(dirname -- "$0")/lib.sh"
need go
mkdir "$work/try" && cd -- "$work/try" || exit
cat >go.mod <<'END'
module try

go 1.26.0

require golang.org/x/crypto v0.59.0
END
cat >main.go <<'END'
package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime/debug"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/acme"
)

// ca refuses the first order, and accepts the second.
func ca(orders *atomic.Int32) *httptest.Server {
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	mux.HandleFunc("/directory", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"newNonce":"%[1]s/nonce","newAccount":"%[1]s/account","newOrder":"%[1]s/order","revokeCert":"%[1]s/r","keyChange":"%[1]s/k"}`, server.URL)
	})
	mux.HandleFunc("/nonce", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Replay-Nonce", "n0")
	})
	mux.HandleFunc("/account", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Replay-Nonce", "n1")
		w.Header().Set("Location", server.URL+"/account/1")
		w.WriteHeader(http.StatusCreated)
		fmt.Fprint(w, `{"status":"valid"}`)
	})
	mux.HandleFunc("/order", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Replay-Nonce", "n2")
		if orders.Add(1) == 1 {
			w.Header().Set("Content-Type", "application/problem+json")
			w.Header().Set("Retry-After", "4")
			w.WriteHeader(http.StatusTooManyRequests)
			fmt.Fprint(w, `{"type":"urn:ietf:params:acme:error:rateLimited","detail":"too many certificates (5) already issued for this exact set of identifiers"}`)
			return
		}
		w.Header().Set("Location", server.URL+"/order/1")
		w.WriteHeader(http.StatusCreated)
		fmt.Fprint(w, `{"status":"pending"}`)
	})
	return server
}

func try(deadline time.Duration) (time.Duration, error, int32) {
	var orders atomic.Int32
	server := ca(&orders)
	defer server.Close()
	key, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	client := &acme.Client{Key: key, DirectoryURL: server.URL + "/directory"}
	if _, err := client.Register(context.Background(), &acme.Account{}, acme.AcceptTOS); err != nil {
		panic(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	start := time.Now()
	_, err := client.AuthorizeOrder(ctx, acme.DomainIDs("www.example.net"))
	return time.Since(start), err, orders.Load()
}

func main() {
	info, _ := debug.ReadBuildInfo()
	fmt.Println(info.Deps[0].Path, info.Deps[0].Version)
	took, err, orders := try(time.Minute)
	fmt.Printf("429 with Retry-After: 4, a deadline of a minute: error %v after %.1f s, orders sent: %d\n", err, took.Seconds(), orders)
	isWaited := err == nil && took >= 4*time.Second && orders == 2
	took, err, orders = try(time.Second)
	wait, isLimit := acme.RateLimit(err)
	fmt.Printf("429 with Retry-After: 4, a deadline of a second: RateLimit says %v, %v after %.1f s, orders sent: %d\n", wait, isLimit, took.Seconds(), orders)
	if !isWaited || !isLimit || wait != 4*time.Second || orders != 1 {
		os.Exit(1)
	}
}
END
CGO_ENABLED=0 go build -mod=mod -o try . >"$work/said" 2>&1 || untried "go cannot build with x/crypto: $(tail -n 1 "$work/said")"
./try || changed "AuthorizeOrder does not wait for as long as Retry-After says"
