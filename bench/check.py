#!/usr/bin/env python3
"""How long `ringcert check` takes, and how much a look adds to an order.

bench/check.py [--nodes N] [--sites M] [--rounds K]

Starts the demo's cluster of N servers and M sites with its real test CA, then measures on its first server:
  check  wall time and peak memory of `ringcert check`, beside `ringcert --version` in the same round
  order  a forced renewal of one site with before-order = "warn", beside "off" in the same round; left out above 100
         certificates, because Debian's Pebble may then have locked up
Needs what the demo needs. Everything runs on loopback and is stopped at the end.
"""
import argparse
import os
import re
import shlex
import signal
import statistics
import subprocess
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
RINGCERT = os.path.join(ROOT, "ringcert")


def start_demo(nodes, sites):
    """Returns the demo's process and the options that name its first server."""
    demo = subprocess.Popen(
        [RINGCERT, "demo", "--keep", "--nodes", str(nodes), "--sites", str(sites)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
    seen = []
    for line in demo.stdout:
        seen.append(line)
        match = re.search(r"ringcert status (--config .*)$", line)
        if match:
            return demo, shlex.split(match.group(1))
    raise SystemExit("the demo did not start its cluster:\n" + "".join(seen))


def measure(*command):
    """Returns seconds, peak memory in MB and exit status of a command."""
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    code = os.waitstatus_to_exitcode(status)
    return time.monotonic() - started, usage.ru_maxrss / 1024, code, output


def with_before_order(options, choice, folder):
    """Returns the options with another configuration, which says what happens before orders."""
    config = options[options.index("--config") + 1]
    with open(config, encoding="utf-8") as file:
        text = file.read()
    assert "[check]" in text, "the demo's configuration has no [check]"
    text = re.sub(r'(?m)^before-order.*\n', "", text).replace("[check]\n", f'[check]\nbefore-order = "{choice}"\n')
    path = os.path.join(folder, f"before-order-{choice}.toml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return [path if option == config else option for option in options]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--nodes", type=int, default=3)
    parser.add_argument("--sites", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    demo, options = start_demo(arguments.nodes, arguments.sites)
    try:
        folder = os.path.dirname(options[options.index("--config") + 1])
        checks, versions, memory = [], [], []
        for _ in range(arguments.rounds):
            versions.append(measure(RINGCERT, "--version")[0])
            seconds, megabytes, code, output = measure(RINGCERT, "check", *options)
            if code != 0:
                raise SystemExit(f"check ended with {code}:\n{output}")
            checks.append(seconds)
            memory.append(megabytes)
        print(f"check of {arguments.nodes} servers x {arguments.sites} sites: median {statistics.median(checks):.2f} s"
              f" (worst {max(checks):.2f} s), {max(memory):.0f} MB at most;"
              f" {statistics.median(checks) / statistics.median(versions):.1f} x `ringcert --version`")
        if arguments.nodes * arguments.sites > 100:
            return
        orders = {"off": [], "warn": []}
        for _ in range(arguments.rounds):
            for choice, times in orders.items():
                seconds, _, code, output = measure(
                    RINGCERT, "renew", "--force", "www.example.org", *with_before_order(options, choice, folder))
                if code != 0:
                    raise SystemExit(f"renew ended with {code}:\n{output}")
                times.append(seconds)
        added = [warn - off for warn, off in zip(orders["warn"], orders["off"])]
        print(f"an order with a look: median {statistics.median(added) * 1000:+.0f} ms,"
              f" {statistics.median(orders['warn']) / statistics.median(orders['off']):.2f} x one without")
    finally:
        os.killpg(demo.pid, signal.SIGINT)
        demo.wait(60)


if __name__ == "__main__":
    main()
