#!/bin/bash
# A ring that is too small, and a reader that sleeps: what is refused is counted, each event once, however often
# it is tried; and no socket's birth or end is missing. Usage: $0 BUILD (root)
build=$1
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/live/probe_lib.bash
sockets=1000 recovered=2 # SOCK_FLAG_RECOVERED

script='
import socket, sys
sys.stdin.readline()
for n in range(1000):
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()'

of_kind() { # KIND FLAG-WANTED: how many
    awk -F'\t' -v kind="$1" -v flag="$recovered" -v wanted="$2" \
        '$1 == kind && int($4 / flag) % 2 == wanted { n++ } END { print n + 0 }' "$work/dump"
}

whole_lives() {
    echo "births $(of_kind OPEN 0) + $(of_kind OPEN 1), ends $(of_kind CLOSE 0) + $(of_kind CLOSE 1)"
    [ $(($(of_kind OPEN 0) + $(of_kind OPEN 1))) = $sockets ] &&
        [ $(($(of_kind CLOSE 0) + $(of_kind CLOSE 1))) = $sockets ] && [ "$(of_kind OPEN 1)" -gt 100 ]
}

counted_once() {
    echo "refused $(lost ring), births told late $(of_kind OPEN 1)"
    [ "$(lost ring)" = "$(of_kind OPEN 1)" ]
}

probe_setup
mkfifo "$work/go"
python3 -c "$script" <"$work/go" &
pid=$!
exec 3>"$work/go"
start_dump -p n -r 4096 -z 2000 -k $pid
check "opens with a ring of 4 KiB" is_open
echo >&3
exec 3>&-
wait $pid
stop_dump
check "every birth and every end is told in the end" whole_lives
check "each event that the ring refused is counted, once" counted_once
tap_end
