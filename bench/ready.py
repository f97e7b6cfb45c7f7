#!/usr/bin/env python3
"""How long `ringcert ready` takes, and what the daemon's admin server costs.

bench/ready.py [--ringcert PROGRAM] [--before PROGRAM] [--rounds K] [--seconds S] [--idle S] [--nodes N] [--sites M]

Starts two daemons on loopback addresses, and one nginx that is the web server of both. Then measures:
  ready  wall time of `ringcert ready SITE NODE`, minus that of `ringcert --version` in the same round
  livez  /livez at 200 requests a second for S seconds: time of an answer, and how many handshakes nginx saw meanwhile
  page   the page of a daemon whose configuration has N servers and M sites: first byte and size
  idle   PSS of an idle daemon whose page and metrics have been read, beside one of the build that --before names
PROGRAM is an archive (.tar.gz), or a `ringcert` in an unpacked archive or in a checkout; by default this checkout's.
Needs nginx and openssl. Everything runs on loopback and is stopped at the end.
"""
import argparse
import concurrent.futures
import os
import shutil
import signal
import socket
import statistics
import subprocess
import tarfile
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SITE = "www.example.org"
RATE = 200


def address(index):
    return f"127.84.{index // 250}.{index % 250 + 1}"


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


class Cluster:
    """Servers and sites of a configuration, with an nginx that presents one certificate for everything."""

    def __init__(self, folder, nodes, sites):
        self.folder, self.nodes, self.sites = folder, nodes, sites
        os.makedirs(folder)
        self.http, self.https, self.admin, self.status = free_ports(4)
        self.config = os.path.join(folder, "ringcert.toml")
        self.write_configuration()
        self.nginx = self.start_nginx()

    def site(self, index):
        return SITE if index == 0 else f"site{index}.example.org"

    def write_configuration(self):
        with open(self.config, "w", encoding="utf-8") as file:
            for index in range(self.nodes):
                file.write(f'[[node]]\nname = "web{index}.example.org"\naddress = "{address(index)}"\n'
                           f'port = {self.http}\nlisten = ["{address(index)}:{self.http}"]\n'
                           f'https = "{address(index)}:{self.https}"\nadmin = "{address(index)}:{self.admin}"\n\n')
            for index in range(self.sites):
                file.write(f'[[site]]\nnames = ["{self.site(index)}"]\n\n')
            # No CA answers there: nothing is issued, and challenges are relayed, so that no DNS is needed.
            file.write('[acme]\ndirectory = "https://127.0.0.1:1/directory"\nagree-to-terms = true\n\n'
                       '[front]\nhandoff = "relay"\n')

    def start_nginx(self):
        certificate, key = os.path.join(self.folder, "nginx.pem"), os.path.join(self.folder, "nginx.key")
        ca, ca_key = os.path.join(self.folder, "ca.pem"), os.path.join(self.folder, "ca.key")
        ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "20"]
        openssl("req", "-x509", *ec, "-subj", "/CN=Bench CA", "-keyout", ca_key, "-out", ca)
        openssl("req", "-x509", *ec, "-subj", f"/CN={SITE}", "-addext", f"subjectAltName=DNS:{SITE}",
                "-addext", "basicConstraints=critical,CA:FALSE", "-CA", ca, "-CAkey", ca_key,
                "-keyout", key, "-out", certificate)
        listens = "".join(f"listen {address(index)}:{self.https} ssl;\n" for index in range(self.nodes))
        config = os.path.join(self.folder, "nginx.conf")
        with open(config, "w", encoding="utf-8") as file:
            file.write(f"""daemon off;
worker_processes 1;
pid {self.folder}/nginx.pid;
error_log {self.folder}/nginx.log;
events {{ worker_connections 4096; }}
http {{
access_log off;
server {{
{listens}
ssl_certificate {certificate};
ssl_certificate_key {key};
}}
server {{ listen 127.0.0.1:{self.status}; location / {{ stub_status; }} }}
}}
""")
        nginx = subprocess.Popen([shutil.which("nginx") or "/usr/sbin/nginx", "-e", "stderr", "-c", config])
        wait_for(("127.0.0.1", self.status))
        return nginx

    def connections(self):
        """Returns how many connections nginx has accepted, this one included."""
        body = get(("127.0.0.1", self.status), "/")[2]
        return int(body.split(b"requests\n")[1].split()[0])

    def options(self, index, store="store"):
        return ["--config", self.config, "--node", f"web{index}", "--store",
                os.path.join(self.folder, f"{store}-web{index}")]

    def start_daemon(self, program, index, store="store"):
        log = open(os.path.join(self.folder, f"{store}-web{index}.log"), "wb")
        daemon = subprocess.Popen([program, "run", *self.options(index, store)], stdout=log, stderr=log)
        wait_for((address(index), self.http))
        return daemon

    def close(self):
        stop(self.nginx)


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def wait_for(server):
    deadline = time.monotonic() + 120
    while True:
        try:
            socket.create_connection(server, 1).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise SystemExit(f"nothing listens at {server}")
            time.sleep(0.05)


def stop(process):
    process.send_signal(signal.SIGTERM)
    process.wait(30)


def get(server, target):
    """Returns the seconds to the first byte and to the last, and the response."""
    started = time.monotonic()
    with socket.create_connection(server, 30) as connection:
        connection.sendall(f"GET {target} HTTP/1.1\r\nHost: {server[0]}\r\nConnection: close\r\n\r\n".encode())
        data = connection.recv(65536)
        first = time.monotonic() - started
        parts = [data]
        while data:
            data = connection.recv(65536)
            parts.append(data)
    return first, time.monotonic() - started, b"".join(parts)


def status_of(response):
    return int(response.split(b" ", 2)[1])


def measure(*command):
    """Returns seconds, exit status and output of a command."""
    started = time.monotonic()
    process = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return time.monotonic() - started, process.returncode, process.stdout


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def ms(seconds):
    return f"{seconds * 1000:.1f} ms"


def bench_ready(cluster, program, rounds):
    added, total = [], []
    for _ in range(rounds):
        version = measure(program, "--version")[0]
        seconds, code, output = measure(program, "ready", SITE, "web1", *cluster.options(0))
        if code != 0 or "looks itself" in output:
            raise SystemExit(f"ready ended with {code}:\n{output}")
        added.append(seconds - version)
        total.append(seconds)
    print(f"ready: {ms(statistics.median(added))} more than --version (worst {ms(max(added))});"
          f" {ms(statistics.median(total))} in all")


def bench_livez(cluster, seconds):
    server, target = (address(0), cluster.admin), f"/livez?site={SITE}"
    if status_of(get(server, target)[2]) != 200:
        raise SystemExit(f"/livez: {get(server, target)[2].decode()}")
    time.sleep(1)
    before = cluster.connections()
    times, failures = [], 0
    with concurrent.futures.ThreadPoolExecutor(32) as pool:
        start, pending = time.monotonic(), []
        for index in range(RATE * seconds):
            time.sleep(max(0, start + index / RATE - time.monotonic()))
            pending.append(pool.submit(get, server, target))
        for each in pending:
            _, last, response = each.result()
            times.append(last)
            failures += status_of(response) != 200
    handshakes = cluster.connections() - before - 1
    print(f"livez at {RATE}/s for {seconds} s: p50 {ms(percentile(times, 0.5))}, p99 {ms(percentile(times, 0.99))},"
          f" worst {ms(max(times))}; {failures} failures; {handshakes} handshakes with the web server")


def bench_page(folder, program, nodes, sites, rounds):
    cluster = Cluster(folder, nodes, sites)
    daemon = cluster.start_daemon(program, 0)
    try:
        server = (address(0), cluster.admin)
        wait_for(server)
        pages = [get(server, "/") for _ in range(rounds)]
        if status_of(pages[-1][2]) != 200:
            raise SystemExit(f"the page: {pages[-1][2][:500]}")
        first = [page[0] for page in pages]
        last = [page[1] for page in pages]
        print(f"page of {nodes} servers x {sites} sites: first byte {ms(statistics.median(first))} (worst"
              f" {ms(max(first))}, first after the start {ms(first[0])}), all {ms(statistics.median(last))},"
              f" {max(len(page[2]) for page in pages) / 1000:.0f} kB")
    finally:
        stop(daemon)
        cluster.close()


def pss(pid):
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("Pss:")) / 1024


def bench_idle(cluster, program, before, seconds):
    """Lets the daemons of both builds idle at the same time, on one node each."""
    daemons = {"this": cluster.start_daemon(program, 0, "idle")}
    try:
        if before:
            daemons["before"] = cluster.start_daemon(before, 1, "idle")
        for target in ("/", "/metrics", "/status.json", f"/livez?site={SITE}"):
            wait_for((address(0), cluster.admin))
            get((address(0), cluster.admin), target)
        time.sleep(seconds)
        sizes = {name: pss(daemon.pid) for name, daemon in daemons.items()}
        print(f"idle for {seconds} s: {sizes['this']:.1f} MB PSS"
              + (f", {sizes['this'] - sizes['before']:+.1f} MB than the build before ({sizes['before']:.1f} MB)"
                 if before else ""))
    finally:
        for daemon in daemons.values():
            stop(daemon)


def program_of(path, folder):
    """Returns the program that is or is in a path."""
    path = os.path.abspath(path)
    if not path.endswith(".tar.gz"):
        return path
    with tarfile.open(path) as archive:
        archive.extractall(folder, filter="fully_trusted")
    return os.path.join(folder, os.listdir(folder)[0], "bin", "ringcert")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ringcert", default=os.path.join(ROOT, "ringcert"))
    parser.add_argument("--before")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--idle", type=int, default=60)
    parser.add_argument("--nodes", type=int, default=50)
    parser.add_argument("--sites", type=int, default=1000)
    parser.add_argument("--only", choices=["ready", "livez", "page", "idle"], action="append")
    arguments = parser.parse_args()
    parts = arguments.only or ["ready", "livez", "page", "idle"]
    folder = tempfile.mkdtemp(prefix="ringcert-bench-")
    try:
        program = program_of(arguments.ringcert, os.path.join(folder, "program"))
        before = arguments.before and program_of(arguments.before, os.path.join(folder, "before"))
        measure(program, "--version")  # builds a checkout
        cluster = Cluster(os.path.join(folder, "small"), 2, 1)
        try:
            daemons = [cluster.start_daemon(program, index) for index in (0, 1)]
            try:
                wait_for((address(0), cluster.admin))
                if "ready" in parts:
                    bench_ready(cluster, program, arguments.rounds)
                if "livez" in parts:
                    bench_livez(cluster, arguments.seconds)
            finally:
                for daemon in daemons:
                    stop(daemon)
            if "idle" in parts:
                bench_idle(cluster, program, before, arguments.idle)
        finally:
            cluster.close()
        if "page" in parts:
            bench_page(os.path.join(folder, "large"), program, arguments.nodes, arguments.sites, arguments.rounds)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
