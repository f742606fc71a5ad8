#!/bin/bash
# Walks over the sockets, twenty times more often than usual, while connections come and go and the ring waits to be
# read. Where a socket's name is its address (plan S), what a walk tells must never be taken for the socket that had
# the address before; and what was too young for one walk is told by the next. Usage: $0 BUILD (root)
build=$1
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/live/probe_lib.bash

# Sockets that send one datagram when they are born, over some rounds of walks, and nothing more until their input ends.
script='
import socket, sys, time
senders = []
for n in range(100):
    senders.append(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    senders[n].sendto(b"hello", ("127.0.0.1", 9))
    time.sleep(0.003)
print("sent", flush=True)
sys.stdin.readline()'

of_the_one_that_lives() {
    awk -F'\t' '
        $14 " " $15 !~ /:(7001|0)( |$)/ { next } # of others on this machine
        $1 == "OPEN" { addresses[$3] = $14 " " $15; births++ }
        $1 == "TOTALS" || $1 == "INFO" {
            told++
            if ($3 in addresses && addresses[$3] !~ /:0$/ && addresses[$3] != $14 " " $15) {
                print "of another socket:", $0
                bad++
            }
        }
        END {
            printf "%d births, %d told since, %d of another socket\n", births, told, bad
            exit !(births > 4000 && told > 4000 && !bad)
        }' "$work/dump"
}

young_ones_are_told() {
    awk -F'\t' -v pid=$pid '
        $1 == "TOTALS" && $10 == pid && $16 ~ /tx=5\/1/ { sent[$3] = 1 }
        END { for (s in sent) n++; print n + 0, "of 100 senders"; exit n != 100 }' "$work/dump"
}

probe_setup
start_dump ip netns exec $net_b -- -p s -t 10 -z 50
check "opens" is_open
serve tcp-server 10.77.0.2 7001 --workers 4
client tcp-client 10.77.0.2 7001 --count 2500 --short --parallel 2
stop_servers
mkfifo "$work/go"
ip netns exec $net_b ip link set lo up
ip netns exec $net_b python3 -c "$script" <"$work/go" >"$work/sent" &
pid=$!
exec 3>"$work/go"
until_true 10 grep -q sent "$work/sent"
stop_dump
exec 3>&-
wait $pid
check "what walks tell is of the socket that lives" of_the_one_that_lives
check "what was too young for one walk is told by the next" young_ones_are_told
tap_end
