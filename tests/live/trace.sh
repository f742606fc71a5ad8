#!/bin/bash
# socklens trace: the socket calls of one process, with results, as they return. Usage: $0 BUILD (root). TAP.
build=$(readlink -f "$1")
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
[ "$(id -u)" = 0 ] || { skip "trace" "tracing needs root"; tap_end; }
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$work"' EXIT

# Waits for a line, then makes known calls: a refused connect, an exchange, a shutdown.
cat >"$work/calls.py" <<'PY'
import socket, sys
sys.stdin.readline()
s = socket.socket()
try:
    s.connect(("127.0.0.1", 1))
except ConnectionRefusedError:
    pass
s.close()
listener = socket.create_server(("127.0.0.1", 0))
a = socket.create_connection(listener.getsockname())
b, _ = listener.accept()
a.sendall(b"x" * 300)
b.recv(1000)
a.shutdown(socket.SHUT_WR)
PY

traced() { # PLAN
    mkfifo "$work/go.$1"
    python3 "$work/calls.py" <"$work/go.$1" &
    local pid=$!
    exec 9>"$work/go.$1"
    "$build/socklens" trace --pid $pid --probe "$1" >"$work/trace.$1" 2>"$work/err.$1" &
    local trace=$!
    until_true 15 grep -q '^NoNewPrivs:.*1' /proc/$trace/status
    sleep 0.3
    echo go >&9
    wait $pid
    exec 9>&-
    sleep 0.3
    kill -INT $trace
    wait $trace
}

line() { # PLAN PATTERN
    grep -qE "^[0-9:.]+ python3\[[0-9]+\] $2" "$work/trace.$1" || { cat "$work/trace.$1" "$work/err.$1"; return 1; }
}

for plan in n s; do
    check "plan $plan: runs and ends by SIGINT" traced $plan
    check "plan $plan: a refused connect" line $plan 'connect\(.*\) = -1 ECONNREFUSED <.*>'
    check "plan $plan: a connect, with its ends" line $plan 'connect\(.*\) = 0 <.*> +127\.0\.0\.1:[0-9]+ -> 127\.0\.0\.1:[0-9]+'
    check "plan $plan: accept" line $plan 'accept4?\(.*\) = [0-9]+ <'
    check "plan $plan: a send of 300 bytes" line $plan 'sendto\(.*300.*\) = 300 <'
    check "plan $plan: its receive" line $plan 'recvfrom\(.*1000.*\) = 300 <'
    check "plan $plan: shutdown" line $plan 'shutdown\([0-9]+, 1\) = 0 <'
    check "plan $plan: no other process" bash -c "! grep -qv 'python3\[' $work/trace.$plan"
done
tap_end
