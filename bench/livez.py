#!/usr/bin/env python3
"""How soon a running daemon answers /livez, and how often it looks for that.

bench/livez.py [--rate N] [--seconds S] [--command "..."]

Starts a daemon whose web server is a TLS server of this script, which counts handshakes. Then asks /livez N times a
second, each time on a new connection as balancers do, and prints the percentiles of the time from connecting to the
last byte, and the handshakes of that time beside those of the same time with one question every five seconds.
Everything runs on loopback and is stopped at the end.
"""
import argparse
import os
import shlex
import socket
import ssl
import subprocess
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ADDRESS = "127.0.0.1"
SITE = "www.example.org"


def free_port():
    with socket.socket() as probe:
        probe.bind((ADDRESS, 0))
        return probe.getsockname()[1]


class TlsServer:
    """Presents a self-signed certificate and counts connections."""

    def __init__(self, folder):
        key, certificate = os.path.join(folder, "key.pem"), os.path.join(folder, "certificate.pem")
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
             "-subj", "/CN=" + SITE, "-addext", "subjectAltName=DNS:" + SITE, "-keyout", key, "-out", certificate],
            check=True, stderr=subprocess.DEVNULL)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate, key)
        self.listener = socket.create_server((ADDRESS, 0), backlog=100)
        self.port = self.listener.getsockname()[1]
        self.count = 0
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            connection, _ = self.listener.accept()
            self.count += 1
            threading.Thread(target=self.handshake, args=(connection,), daemon=True).start()

    def handshake(self, connection):
        try:
            with self.context.wrap_socket(connection, server_side=True) as tls:
                tls.recv(1)
        except OSError:
            pass


def ask(port):
    """Returns the seconds that a question takes, and the response."""
    started = time.perf_counter()
    with socket.create_connection((ADDRESS, port), timeout=30) as connection:
        connection.sendall(f"GET /livez?site={SITE} HTTP/1.1\r\nHost: {ADDRESS}\r\n\r\n".encode())
        response = b""
        while part := connection.recv(65536):
            response += part
    return time.perf_counter() - started, response


def ask_steadily(port, rate, seconds):
    """Asks from several threads, so that a slow answer delays no other question. Returns the times, sorted."""
    times, threads, lock = [], 8, threading.Lock()
    begin = time.perf_counter() + 0.5

    def run(first):
        for index in range(first, int(rate * seconds), threads):
            time.sleep(max(0.0, begin + index / rate - time.perf_counter()))
            duration, response = ask(port)
            assert SITE.encode() in response, response
            with lock:
                times.append(duration)

    running = [threading.Thread(target=run, args=(first,)) for first in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return sorted(times)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=int, default=200, help="questions a second")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--command", default=os.path.join(ROOT, "ringcert"), help="runs Ringcert")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server, front, admin = TlsServer(folder), free_port(), free_port()
        config = os.path.join(folder, "ringcert.toml")
        with open(config, "w", encoding="utf-8") as file:
            file.write(f"""
[store]
directory = "{folder}/store"
[admin]
listen = "{ADDRESS}:{admin}"
[front]
listen = ["{ADDRESS}:{front}"]
[acme]
directory = "https://{ADDRESS}:{free_port()}/directory"
agree-to-terms = true
[[node]]
name = "web0.example.org"
address = "{ADDRESS}"
port = {front}
https = "{ADDRESS}:{server.port}"
[[site]]
names = ["{SITE}"]
""")
        daemon = subprocess.Popen(
            shlex.split(arguments.command) + ["run", "--config", config, "--node", "web0"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            for line in daemon.stdout:
                if " answers on " in line:
                    break
            threading.Thread(target=daemon.stdout.read, daemon=True).start()
            ask_steadily(admin, 50, 5)
            before = server.count
            times = ask_steadily(admin, arguments.rate, arguments.seconds)
            busy = server.count - before
            before = server.count
            ask_steadily(admin, 0.2, arguments.seconds)
            calm = server.count - before
        finally:
            daemon.terminate()
            daemon.wait()
        print(f"{len(times)} questions, {arguments.rate} a second")
        for name, share in (("median", 0.5), ("p99", 0.99), ("slowest", 1)):
            print(f"  {name:8}{1000 * times[max(0, int(len(times) * share) - 1)]:8.2f} ms")
        print(f"  handshakes: {busy}; {calm} with a question every five seconds")


if __name__ == "__main__":
    main()
