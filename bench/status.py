#!/usr/bin/env python3
"""How long `ringcert status --all` takes, and how much memory, beside `openssl s_client` on the same handshakes.

bench/status.py [--nodes N] [--sites M] [--rounds K] [--openssl L]

Starts one nginx that is N servers: it listens on N loopback addresses and presents a certificate of its own for each of
M sites, from a CA that is made for this. Then measures, in each round:
  status   wall time and peak memory of `ringcert status --all`, beside `ringcert --version`
  openssl  wall time of L of the same handshakes by `openssl s_client`, as many at a time as there are processors,
           scaled to all of them
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
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
RINGCERT = os.path.join(ROOT, "ringcert")


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def node(index):
    return f"web{index}.example.org"


def site(index):
    return f"site{index}.example.org"


def address(index):
    return f"127.83.{index // 250}.{index % 250 + 1}"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def make_certificates(folder, sites):
    """Makes a CA, and a chain and a key for each site."""
    ca, ca_key = os.path.join(folder, "ca.pem"), os.path.join(folder, "ca.key")
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
            "-subj", "/CN=Bench CA", "-keyout", ca_key, "-out", ca)
    for index in range(sites):
        base = os.path.join(folder, site(index))
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "20",
                "-subj", f"/CN={site(index)}", "-addext", f"subjectAltName=DNS:{site(index)}",
                "-addext", "basicConstraints=critical,CA:FALSE",
                "-CA", ca, "-CAkey", ca_key, "-keyout", base + ".key", "-out", base + ".pem")
    return ca


def start_nginx(folder, nodes, sites, port):
    listens = "".join(f"listen {address(index)}:{port} ssl;" for index in range(nodes))
    servers = "".join(
        f"server {{ {listens} server_name {site(index)};"
        f" ssl_certificate {folder}/{site(index)}.pem; ssl_certificate_key {folder}/{site(index)}.key; }}\n"
        for index in range(sites))
    path = os.path.join(folder, "nginx.conf")
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"""worker_processes auto;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 4096; }}
http {{
access_log off;
server_names_hash_max_size 4096;
{servers}}}
""")
    os.chmod(folder, 0o755)
    nginx = shutil.which("nginx") or "/usr/sbin/nginx"
    process = subprocess.Popen([nginx, "-p", folder, "-c", path], stderr=subprocess.DEVNULL, start_new_session=True)
    for _ in range(600):
        if process.poll() is not None:
            with open(os.path.join(folder, "error.log"), encoding="utf-8") as log:
                raise SystemExit("nginx ended:\n" + log.read())
        with socket.socket() as client:
            if client.connect_ex((address(nodes - 1), port)) == 0:
                return process
        time.sleep(0.1)
    raise SystemExit("nginx does not answer")


def write_configuration(folder, nodes, sites, port, ca):
    path = os.path.join(folder, "ringcert.toml")
    with open(path, "w", encoding="utf-8") as file:
        for index in range(nodes):
            file.write(f'[[node]]\nname = "{node(index)}"\naddress = "{address(index)}"\n'
                       f'https = "{address(index)}:{port}"\n')
        for index in range(sites):
            file.write(f'[[site]]\nnames = ["{site(index)}"]\n')
        file.write(f'[acme]\ndirectory = "https://127.0.0.1:1/directory"\nca-file = "{ca}"\nagree-to-terms = true\n'
                   f'[store]\ndirectory = "{folder}/store"\n')
    return path


def measure(*command):
    """Returns seconds, peak memory in MB, exit status and output of a command."""
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    return time.monotonic() - started, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status), output


def handshake(target):
    """Performs one handshake, and says whether it succeeded."""
    host, port, name, ca = target
    return subprocess.run(
        ["openssl", "s_client", "-connect", f"{host}:{port}", "-servername", name, "-CAfile", ca,
         "-verify_return_error"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def time_openssl(targets):
    started = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        if not all(pool.map(handshake, targets)):
            raise SystemExit("openssl s_client failed")
    return time.monotonic() - started


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--nodes", type=int, default=50)
    parser.add_argument("--sites", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--openssl", type=int, default=1000, help="handshakes by openssl (default: 1000)")
    arguments = parser.parse_args()
    nodes, sites = arguments.nodes, arguments.sites
    cells = nodes * sites
    folder = tempfile.mkdtemp(prefix="ringcert-bench-")
    nginx = None
    try:
        ca, port = make_certificates(folder, sites), free_port()
        nginx = start_nginx(folder, nodes, sites, port)
        config = write_configuration(folder, nodes, sites, port, ca)
        everything = [(address(n), port, site(s), ca) for s in range(sites) for n in range(nodes)]
        sample = everything[::max(1, cells // arguments.openssl)][:arguments.openssl]
        seconds, memory, versions, by_openssl = [], [], [], []
        for _ in range(arguments.rounds):
            versions.append(measure(RINGCERT, "--version")[0])
            taken, megabytes, _, output = measure(
                RINGCERT, "status", "--all", "--config", config, "--node", node(0))
            # This server has no certificates in its store, so the exit status is 1.
            expected = f"{sites} certificates at {nodes} servers: {cells} good"
            if expected not in output:
                raise SystemExit(f"status did not say \"{expected}\":\n{output[-2000:]}")
            seconds.append(taken)
            memory.append(megabytes)
            by_openssl.append(time_openssl(sample) * cells / len(sample))
        print(f"status --all of {nodes} servers x {sites} sites: median {statistics.median(seconds):.2f} s"
              f" (worst {max(seconds):.2f} s), {max(memory):.0f} MB at most;"
              f" `ringcert --version` {statistics.median(versions):.2f} s")
        ratios = [taken / other for taken, other in zip(seconds, by_openssl)]
        print(f"openssl s_client, {os.cpu_count()} at a time: median {statistics.median(by_openssl):.2f} s"
              f" (from {len(sample)} of {cells} handshakes); status --all takes"
              f" {statistics.median(ratios):.2f} x that")
    finally:
        if nginx:
            os.killpg(nginx.pid, signal.SIGTERM)
            nginx.wait(30)
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
