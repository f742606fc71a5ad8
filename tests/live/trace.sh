#!/bin/bash
# socklens trace: the socket calls of one process, with results, flow and frames, as they return; line by line
# what strace says of the same run. Usage: $0 BUILD (root). TAP.
build=$(readlink -f "$1")
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
[ "$(id -u)" = 0 ] || { skip "trace" "tracing needs root"; tap_end; }
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$work"' EXIT
export LC_ALL=C.UTF-8

# start_calls WRAPPER...: the program, ready and waiting on descriptor 9; its process id is in $pid
start_calls() {
    rm -f "$work/go"
    mkfifo "$work/go"
    "$@" python3 tests/live/trace_calls.py <"$work/go" >"$work/said" 2>/dev/null &
    started=$!
    exec 9>"$work/go"
    pid=$started
    until_true 10 grep -q ready "$work/said"
    [ $# = 0 ] || pid=$(pgrep -P $started python3)
}

# start_trace OPTIONS...: ready once privileges are dropped, for then everything is open
start_trace() {
    "$build/socklens" trace "$@" >"$work/trace" 2>"$work/err" 9>&- &
    trace=$!
    until_true 15 grep -q '^NoNewPrivs:.*1' /proc/$trace/status
    sleep 0.3
}

stop_trace() {
    sleep 0.3
    kill -INT $trace
    wait $trace
}

let_go() {
    echo go >&9
    until_true 10 grep -q done "$work/said"
    stop_trace
    exec 9>&-
    wait $started
}

traced() { # OPTIONS...
    start_calls
    start_trace --pid $pid "$@"
    let_go
}

# strace sees the interpreter start and end as well: what it says is cut to what is between ready and done.
straced() { # PLAN
    start_calls strace -f -e trace=%network,write -o "$work/strace"
    start_trace --pid $pid --probe "$1"
    let_go
    sed -i '1,/write(1, "ready/d; /write(1, "done/,$d' "$work/strace"
}

line() { # PATTERN
    grep -qE "^[0-9:.]+ python3\[[0-9/]+\] $1" "$work/trace" || { cat "$work/trace" "$work/err"; return 1; }
}

of_two_processes() {
    [ "$(sed -E 's/^\S+ (python3\[[0-9]+).*/\1/' "$work/trace" | sort -u | wc -l)" = 2 ]
}

as_strace() {
    python3 tests/live/strace_compare.py "$work/strace" "$work/trace"
}

ndjson_is_whole() {
    python3 tests/live/trace_json.py "$work/trace"
}

tcp='tcp 127\.0\.0\.1:[0-9]+ -> 127\.0\.0\.1:[0-9]+'
for plan in n s; do
    check "plan $plan: runs and ends by SIGINT" traced --probe $plan
    check "plan $plan: a refused connect, with whom it was meant for" \
        line 'connect\(.*\) = -1 ECONNREFUSED <.*> .*-> 127\.0\.0\.1:1\b.*→ 1 frame'
    check "plan $plan: a connect, its ends and its SYN" line "connect\(.*\) = 0 <.*>  $tcp  → 1 frame, first \+"
    check "plan $plan: accept" line "accept4\(.*\) = [0-9]+ <.*>  $tcp"
    check "plan $plan: a send of 300 bytes and its frame" \
        line "sendto\([0-9]+, \.\.\., 300, 0, NULL, 0\) = 300 <.*>  $tcp  → 1 frame, first \+"
    check "plan $plan: its receive, and when the frame came" \
        line "recvfrom\([0-9]+, \.\.\., 1000, 0, NULL, NULL\) = 300 <.*>  $tcp  ← 1 frame, last -"
    check "plan $plan: a glance at the queue reads nothing" line "recvfrom\(.*MSG_PEEK.*\) = 4 <[^>]*>  $tcp\$"
    check "plan $plan: nothing there" line 'recvfrom\(.*MSG_DONTWAIT.*\) = -1 EAGAIN'
    check "plan $plan: a datagram to a mapped address, and its frame" \
        line 'sendto\([0-9]+, \.\.\., 8, 0, 127\.0\.0\.1:[0-9]+, 28\) = 8 <.*> .*→ 1 frame, first \+'
    check "plan $plan: poll waits for a socket" line "poll\(\{fd [0-9]+ POLLIN ready POLLIN\}, 1, 1000\) = 1 <.*>  $tcp"
    check "plan $plan: epoll_wait tells the socket of its event" \
        line "epoll_wait\([0-9]+, \{fd [0-9]+ ready EPOLLIN\}, .*\) = 1 <.*>  $tcp"
    check "plan $plan: epoll_wait in vain" line 'epoll_wait\([0-9]+, \{fd [0-9]+\}, .*, 10\) = 0 <[1-9][0-9]ms>'
    check "plan $plan: select in vain" line 'p?select6?\([0-9]+, \{fd [0-9]+ EPOLLIN\}.*\) = 0 <[1-9][0-9]ms>'
    check "plan $plan: a descriptor passed" line 'sendmsg\([0-9]+, \{2 iov, SCM_RIGHTS fd [0-9]+\}, 0\) = 6 <.*>  unix stream'
    check "plan $plan: a Unix socket by its path" line 'connect\([0-9]+, unix:/nowhere/at all, [0-9]+\) = -1 ENOENT'
    check "plan $plan: an abstract name" line 'connect\([0-9]+, unix:@nobody, [0-9]+\) = -1 ECONNREFUSED'
    check "plan $plan: an option and its value" line 'setsockopt\([0-9]+, SOL_SOCKET, SO_LINGER, \[1, 5\], 8\) = 0'
    check "plan $plan: another thread" line 'recvfrom\(.*\) = 6 <.*unix stream'
    check "plan $plan: a duplicate" line "fcntl\([0-9]+, F_DUPFD_CLOEXEC, 0\) = [0-9]+ <.*>  $tcp"
    check "plan $plan: write on the duplicate" line "write\([0-9]+, \.\.\., 1000\) = 1000 <.*>  $tcp  → 1 frame"
    check "plan $plan: shutdown and its FIN" line "shutdown\([0-9]+, SHUT_WR\) = 0 <.*> .*→ 1 frame"
    check "plan $plan: no other process than its own and its child" of_two_processes
    if command -v strace >/dev/null; then
        straced $plan
        check "plan $plan: line by line what strace says" as_strace
    else
        skip "plan $plan: line by line what strace says" "strace is not installed"
    fi
done

check "ndjson: runs" traced --format ndjson
check "ndjson: every line has its fields" ndjson_is_whole
commanded() {
    "$build/socklens" trace -- python3 -c 'import os, socket
a, b = socket.socketpair()
if os.fork() == 0:
    b.send(b"child")
    os._exit(0)
a.recv(10)
os._exit(7)' >"$work/trace" 2>"$work/err"
    [ $? = 7 ]
}

check "a command is run, followed with its child, and its exit code is ours" commanded
check "its calls from the first on" line 'socketpair\(AF_UNIX, .*\) = 0'
check "its child's" line 'sendto\([0-9]+, \.\.\., 5, 0, NULL, 0\) = 5'

by_port() {
    start_trace --port 7091
    python3 -c 'import socket
l = socket.create_server(("127.0.0.1", 7091))
for port in (7091, 1):
    try:
        socket.create_connection(("127.0.0.1", port)).send(b"x")
    except OSError:
        pass
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"datagram", ("127.0.0.1", 7091))'
    stop_trace
    grep -q 'sendto.* = 8 <' "$work/trace" && grep -q 'connect(.* = 0 <' "$work/trace" &&
        ! grep -v 7091 "$work/trace"
}

check "a scope of one port: its sockets and no others" by_port
check "an unknown format is wrong usage" bash -c "$build/socklens trace --format csv; [ \$? = 2 ]"

# A call that does not return before the end is told as such.
python3 -c 'import socket; a, b = socket.socketpair(); print("ready", flush=True); a.recv(1)' >"$work/said" &
waiting=$!
until_true 5 grep -q ready "$work/said"
start_trace --pid $waiting
kill -STOP $waiting
kill -CONT $waiting
stop_trace
kill $waiting
check "a call under way at the end is unfinished" grep -qE 'recvfrom\(.*\) = \? <unfinished, .*>  unix stream' "$work/trace"
tap_end
