#!/bin/bash
# --when as it happens: a refused connect is told while the report still runs, once, of that process only; a long
# round trip as soon as it was measured. Usage: $0 BUILD (root)
build=$(readlink -f "$1")
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/live/probe_lib.bash

in_a() { ip netns exec $net_a "$@"; }
in_b_listens() { ip netns exec $net_b ss -Hltn "sport = :$1" | grep -q .; }
told() { [ "$(grep -c "alert: $1" "$work/err")" = "$2" ]; }

# Nobody listens on 7301 of b.
refused_by() { # NAME
    in_a bash -c "printf $1 >/proc/\$\$/comm; exec 3<>/dev/tcp/10.77.0.2/7301" 2>/dev/null
    true
}

begin() { # INTERFACE OPTIONS...
    ip netns exec $net_a "$build/socklens" report -i "$@" --format ndjson >"$work/flows" 2>"$work/err" &
    report=$!
    until_true 20 grep -q '^NoNewPrivs:.*1' /proc/$report/status
    sleep 0.3
}

refused() {
    begin veth0 --when 'process = curious and state = REJ' --when 'state = REJ' --do json
    refused_by curious
    refused_by other
    until_true 10 told 'process = curious and state = REJ: curious/[0-9]* 10.77.0.1:[0-9]* > 10.77.0.2:7301 tcp REJ' 1 &&
        kill -0 $report && sleep 1.5 && kill -INT $report && wait $report
    cat "$work/err"
    told 'process = curious' 1 && [ "$(grep -c '^{"type":"alert"' "$work/err")" = 2 ]
}

slow() { # there and back take 80 ms
    begin delay0 --when 'rtt > 50ms'
    in_a bash -c 'exec 3<>/dev/tcp/10.78.0.2/7302; echo hello >&3; sleep 2' &
    until_true 10 told 'rtt > 50ms: .*7302' 1
    kill -INT $report
    wait $report
    cat "$work/err"
    told 'rtt > 50ms: .*7302' 1 || told 'rtt > 50ms: .*7302' 2 # once open, once closed
}

probe_setup
check "a refused connect of one process is told as it happens" refused
if [ -c /dev/net/tun ]; then
    trap 'kill "${relays[@]}" $server 2>/dev/null; probe_cleanup' EXIT
    slow_wire delay0 10.78.0 40 0
    ip netns exec $net_b python3 -c 'import socket, time
c, _ = socket.create_server(("10.78.0.2", 7302)).accept()
c.recv(9)
time.sleep(3)' &
    server=$!
    until_true 10 in_b_listens 7302
    check "a round trip above a bound" slow
else
    skip "a round trip above a bound" "needs /dev/net/tun"
fi
tap_end
