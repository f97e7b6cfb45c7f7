#!/usr/bin/env python3
"""The figures of docs/limits.md: clusters through years, and what goes wrong.

bench/simulate.py [--large] [--years N] [--only years|faults|revocation|load]

Runs ./ringcert simulate for each row of the tables, and prints them as Markdown. --large adds 50 servers with 1,000
sites, which takes minutes and up to 300 MB. Nothing is read from this machine's configuration and nothing is sent.
"""
import argparse
import json
import os
import subprocess
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

CLUSTERS = [
    ("3 x 3", ["--nodes", "3", "--sites", "3"]),
    ("5 x 50", ["--nodes", "5", "--sites", "50"]),
    ("12 x 16", ["--nodes", "12", "--sites", "16", "--group", "4"]),
]
LARGE = ("50 x 1,000", ["--nodes", "50", "--sites", "1000", "--domains", "200"])
LIFETIMES = ["90d", "64d", "45d", "160h"]
FAULTS = ["outage", "restart", "away"]


def simulate(arguments):
    """Returns what a simulation says, and the seconds that it took."""
    begin = time.monotonic()
    result = subprocess.run(
        [os.path.join(ROOT, "ringcert"), "simulate", "--json", *arguments], stdout=subprocess.PIPE, check=False)
    return json.loads(result.stdout), time.monotonic() - begin


def row(*cells):
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


def header(*cells):
    print()
    row(*cells)
    row(*["---"] * len(cells))


def ratio(load):
    """Returns the worst hour over the average, and how many orders were made in the hour with the most."""
    if not load["averageRequests"]:
        return "-"
    return "%.1f" % (load["mostRequests"] / load["averageRequests"])


def years(clusters, count):
    header("nodes x sites", "lifetime", "issued", "refused", "expired", "issued without renewal information", "refused",
           "expired", "seconds")
    for name, cluster in clusters:
        for lifetime in LIFETIMES:
            if cluster == LARGE[1] and lifetime == "160h":
                continue
            common = cluster + ["--years", str(count), "--lifetime", lifetime, "--fault", "none"]
            told, seconds = simulate(common)
            cells = [f"{told[key]:,}" for key in ("issued", "refused", "expired")]
            if cluster != LARGE[1]:
                planned, _ = simulate(common + ["--no-ari"])
                cells += [f"{planned[key]:,}" for key in ("issued", "refused", "expired")]
            else:
                cells += ["", "", ""]
            row(name, lifetime, *cells, "%.0f" % seconds)


def load(clusters, count):
    header("nodes x sites", "lifetime", "average hour", "first renewals", "later", "times the average", "orders")
    for name, cluster in clusters:
        for lifetime in LIFETIMES:
            if cluster == LARGE[1] and lifetime == "160h":
                continue
            told, _ = simulate(cluster + ["--years", str(count), "--lifetime", lifetime, "--fault", "none"])
            measured = told["load"]
            row(name, lifetime, measured["averageRequests"], measured["mostRequestsOfFirstRenewals"],
                measured["mostRequests"], ratio(measured), measured["mostOrders"])


def faults(clusters):
    header("nodes x sites", "lifetime", "renewal information", *[f"{fault}: refused, expired" for fault in FAULTS],
           "most requests in an hour after the outage")
    for name, cluster in clusters:
        for lifetime in LIFETIMES:
            for options, words in (([], "yes"), (["--no-ari"], "no")):
                cells = []
                most = 0
                for fault in FAULTS:
                    told, _ = simulate(
                        cluster + ["--years", "1", "--lifetime", lifetime, "--fault", fault] + options)
                    cells.append(f"{told['refused']:,}, {told['expired']:,}")
                    if fault == "outage":
                        most = told["load"]["mostRequestsAfterFaults"]
                row(name, lifetime, words, *cells, most)


def revocation(clusters):
    header("nodes x sites", "lifetime", "invalid certificate-days", "last one replaced after, days",
           "last server with visitors after, hours", "refused")
    for name, cluster in clusters:
        for lifetime in LIFETIMES:
            told, _ = simulate(cluster + ["--years", "1", "--lifetime", lifetime, "--fault", "revoke-all"])
            row(name, lifetime, told["invalid"], "%.1f" % (told["longestWait"]["seconds"] / 86400),
                "%.1f" % (told["longestWaitOfVisitorsSeconds"] / 3600), told["refused"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--large", action="store_true", help="with 50 servers and 1,000 sites")
    parser.add_argument("--years", type=int, default=10, help="of the runs in which nothing goes wrong")
    parser.add_argument("--only", choices=["years", "faults", "revocation", "load"])
    options = parser.parse_args()
    clusters = CLUSTERS + [LARGE] if options.large else CLUSTERS
    tables = {
        "years": lambda: years(clusters, options.years),
        "load": lambda: load(clusters, options.years),
        "faults": lambda: faults(CLUSTERS),
        "revocation": lambda: revocation(CLUSTERS),
    }
    for name, table in tables.items():
        if options.only in (None, name):
            table()


if __name__ == "__main__":
    main()
