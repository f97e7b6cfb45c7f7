#!/bin/sh
# gunicorn: a second server of the same user silently takes over the control socket of the first, and deletes it when it ends.
#
# gunicorn 27 has a socket on which its command gunicornc shows and changes a running server. Nobody has to ask for it: the default is a
# file in the user's home. One would guess that a second server notices that the file belongs to a live one, as it does for its
# port, and refuses or says so. It removes the file, makes its own, and logs what the first has logged. From then on gunicornc
# shows and stops the second one, whichever was meant. When the second ends, the first goes on without a socket.
. "$(dirname -- "$0")/lib.sh"
python gunicorn==27.0.1
echo "gunicorn 27.0.1"
cd -- "$work" || exit
mkdir home
HOME=$work/home
export HOME
cat >app.py <<'EOF'
def app(environment, start):
    start("200 OK", [])
    return [b"ok"]
EOF

# await COMMAND ...: until it succeeds, for 30 seconds.
await() {
    tries=0
    until "$@" 2>/dev/null; do
        tries=$((tries + 1))
        [ "$tries" -lt 300 ] || untried "not within 30 s: $*"
        sleep 0.1
    done
}

server() {
    "$python" -m gunicorn --bind "127.0.0.1:$2" app:app >"$1.log" 2>&1 &
    pid=$!
    started="$started $pid"
    await grep -q "Control socket listening" "$1.log"
}

# Prints the process that answers on the default control socket.
controlled() {
    "$python" -m gunicorn.ctl.cli -c "show all" 2>&1 | sed -n 's/^ *PID: //p'
}

# shellcheck disable=SC2046 # two ports
set -- $(free_ports 2)
server first "$1"
first=$pid
before=$(controlled)
server second "$2"
second=$pid
after=$(controlled)
warnings=$(grep -ciE "warn|error|in use|exist" second.log)
kill "$second"
wait "$second"
socket=there
[ -e "$HOME/.gunicorn/gunicorn.ctl" ] || socket=gone
alive=ended
kill -0 "$first" 2>/dev/null && alive=alive

echo "the first server alone: gunicornc reaches it: $([ "$before" = "$first" ] && echo yes || echo no)"
echo "with a second server of the same user: gunicornc reaches the second: $([ "$after" = "$second" ] && echo yes || echo no)"
echo "warnings and errors in the log of the second: $warnings"
echo "after the end of the second: the first is $alive, its socket is $socket"
[ "$before" = "$first" ] || untried "gunicornc does not reach a server that is alone"
[ "$after $warnings $alive $socket" = "$second 0 alive gone" ] || changed "both can be controlled, or it says so"
