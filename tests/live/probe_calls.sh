#!/bin/bash
# The calls level: the system calls of one process on its sockets, as strace would list them, and of
# no other process. The truth is the script that makes them. Usage: $0 BUILD (root)
build=$1
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/live/probe_lib.bash

# Waits for a line, then makes known calls; a file is read and closed in between: not a socket.
script='
import os, socket, sys
sys.stdin.readline()
s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen()
c = socket.socket(); c.connect(s.getsockname()); a, _ = s.accept()
fd = os.open("/etc/passwd", os.O_RDONLY); os.read(fd, 10); os.close(fd)
c.sendall(b"abc"); a.recv(10); os.write(a.fileno(), b"x" * 1000); os.read(c.fileno(), 4000)
c.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1); c.shutdown(socket.SHUT_WR)
u = socket.socket()
u.connect_ex(("127.0.0.1", 1))
os._exit(0)'

expected='socket=4 bind=0 listen=0 socket=5 getsockname=0 connect=0 accept4=6 getsockname=0 sendto=3 recvfrom=3 write=1000
read=1000 setsockopt=0 shutdown=0 socket=7 connect=-111'

is_as_made() {
    local got
    got=$(awk -F'\t' '$1 == "CALL" { sub(/\(.*\)/, "", $16); sub(/ .*/, "", $16); print $16 }' \
        "$work/dump" | tr '\n' ' ')
    # Descriptors depend on what the interpreter holds open; only their being positive counts.
    diff <(echo $got | sed 's/\(socket\|accept4\)=[0-9]*/\1=FD/g') \
        <(echo $expected | sed 's/\(socket\|accept4\)=[0-9]*/\1=FD/g')
}

only_from() {
    ! awk -F'\t' '$1 == "CALL" { print $10 }' "$work/dump" | grep -v "^$1\$"
}

# The accepted socket and the connecting one name each other's ends.
ends_agree() {
    awk -F'\t' '
        $1 == "CALL" && $16 ~ /^connect.*=0/ { local = $14; remote = $15 }
        $1 == "CALL" && $16 ~ /^accept4/ { ok = $14 == remote && $15 == local }
        END { exit !ok }' "$work/dump"
}

durations_are_sane() {
    awk -F'\t' '
        $1 == "CALL" { split($16, part, " "); if (part[2] + 0 <= 0 || part[2] + 0 > 1e9) bad = 1; n++ }
        END { exit bad || !n }' "$work/dump"
}

probe_setup
mkfifo "$work/go"
for plan in n s; do
    python3 -c "$script" <"$work/go" &
    pid=$!
    exec 3>"$work/go"
    start_dump -p $plan -c -k $pid
    check "plan $plan: opens with calls" is_open
    echo >&3
    exec 3>&-
    wait $pid
    stop_dump
    check "plan $plan: every call with its result" is_as_made
    check "plan $plan: no other process" only_from $pid
    check "plan $plan: ends of connect and accept agree" ends_agree
    check "plan $plan: durations" durations_are_sane
done
tap_end
