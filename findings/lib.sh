# shellcheck shell=sh
# Shared by all scripts, which source it first. $work is a temporary folder. It is removed at the end, and all processes are stopped.
set -u
here=$(cd -- "$(dirname -- "$0")" && pwd)
work=$(mktemp -d)
started=
python3=python3
trap 'end' EXIT
trap 'exit 2' HUP INT TERM

end() {
    # shellcheck disable=SC2086 # several words
    if [ -n "$started" ]; then
        kill $started 2>/dev/null
        wait $started 2>/dev/null
    fi
    rm -rf -- "$work"
}

# Exits with 2: the finding cannot be tried here.
untried() {
    printf 'not tried: %s\n' "$*" >&2
    exit 2
}

# Exits with 1: the behaviour is no longer as described.
changed() {
    printf 'CHANGED: %s\n' "$*"
    exit 1
}

need() {
    for command; do
        command -v "$command" >/dev/null || untried "$command is missing"
    done
}

# need_python_312: $python3 is a Python that is at least 3.12, in the search path under any of its names.
need_python_312() {
    for python3 in python3 python3.14 python3.13 python3.12; do
        "$python3" -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null && return
    done
    untried "no Python 3.12 or newer"
}

# python PACKAGE==VERSION ...: installs these PyPI packages in a Python environment, $python.
python() {
    need "$python3"
    "$python3" -m venv "$work/venv" >"$work/said" 2>&1 || untried "$python3 has no venv"
    python=$work/venv/bin/python
    "$python" -m pip -q --disable-pip-version-check install "$@" >"$work/said" 2>&1 ||
        untried "pip cannot install $*: $(tail -n 1 "$work/said")"
    PYTHONPATH=$here
    PYTHONDONTWRITEBYTECODE=1
    export PYTHONPATH PYTHONDONTWRITEBYTECODE
}

# go_program PACKAGE@VERSION: installs it in $work/bin. Modules and compiled packages stay in Go's own caches.
go_program() {
    need go
    GOBIN=$work/bin CGO_ENABLED=0 go install "$1" >"$work/said" 2>&1 ||
        untried "go cannot install $1: $(tail -n 1 "$work/said")"
}

# background COMMAND ...: its output goes to $work/log.
background() {
    "$@" >"$work/log" 2>&1 &
    started="$started $!"
}

# Prints that many free ports.
free_ports() {
    python3 -c '
import socket, sys
sockets = [socket.socket() for _ in range(int(sys.argv[1]))]
for s in sockets: s.bind(("127.0.0.1", 0))
print(*[s.getsockname()[1] for s in sockets])' "$1"
}
