# shellcheck shell=sh
# What the scripts share; each sources it first. $work is a temporary folder that goes at the end, with all that was started.
set -u
here=$(cd -- "$(dirname -- "$0")" && pwd)
work=$(mktemp -d)
started=
trap 'end' EXIT
trap 'exit 2' HUP INT TERM

end() {
    for process in $started; do
        kill "$process" 2>/dev/null && wait "$process" 2>/dev/null
    done
    rm -rf -- "$work"
}

# Exit 2: it could not be tried here.
untried() {
    printf 'not tried: %s\n' "$*" >&2
    exit 2
}

# Exit 1: it is no longer as described.
changed() {
    printf 'CHANGED: %s\n' "$*"
    exit 1
}

need() {
    for command; do
        command -v "$command" >/dev/null || untried "$command is missing"
    done
}

# python PACKAGE==VERSION ...: a Python of its own that has them, $python. PyPI's packages.
python() {
    need python3
    python3 -m venv "$work/venv" >"$work/said" 2>&1 || untried "python3 has no venv"
    python=$work/venv/bin/python
    "$python" -m pip -q --disable-pip-version-check install "$@" >"$work/said" 2>&1 ||
        untried "pip cannot install $*: $(tail -n 1 "$work/said")"
    PYTHONPATH=$here
    PYTHONDONTWRITEBYTECODE=1
    export PYTHONPATH PYTHONDONTWRITEBYTECODE
}

# go_program PACKAGE@VERSION: built into $work/bin. Modules and what is compiled stay in Go's own cache.
go_program() {
    need go
    GOBIN=$work/bin CGO_ENABLED=0 go install "$1" >"$work/said" 2>&1 ||
        untried "go cannot install $1: $(tail -n 1 "$work/said")"
}

# background COMMAND ...: what it says goes to $work/log.
background() {
    "$@" >"$work/log" 2>&1 &
    started="$started $!"
}

# The free ports of this moment, as many as asked for.
free_ports() {
    python3 -c '
import socket, sys
sockets = [socket.socket() for _ in range(int(sys.argv[1]))]
for s in sockets: s.bind(("127.0.0.1", 0))
print(*[s.getsockname()[1] for s in sockets])' "$1"
}
