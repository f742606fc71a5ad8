#!/bin/bash
# Does the verdict name what a connection waits for? Connections that wait for a known cause, all at once, over a
# direct wire, one of 80 ms and one that loses frames (two TAP devices and a program between them), in rounds; by frames and
# sockets, and by frames alone. Usage: $0 BUILD [ROUNDS] (root)
build=$(readlink -f "$1") rounds=${2:-2}
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/live/probe_lib.bash
reports=()

start_report() { # NAME OPTIONS...
    ip netns exec $net_a "$build/socklens" report --format ndjson -i any "${@:2}" \
        >"$work/flows.$1" 2>"$work/report.$1" &
    reports+=($!)
    # Ready once privileges are dropped: everything is open then.
    until_true 20 grep -q '^NoNewPrivs:.*1' /proc/$!/status
}

# run_case WAY SUBNET CASE
run_case() {
    ip netns exec $net_a "$tools/waiting" run "$3" "$2.2" 7200 | sed "s/^/$1\t/" >>"$work/log.$1.$3"
}

one_round() {
    local pids=() case
    for case in $(cut -f1 "$work/cases" | grep -v path); do
        run_case wire 10.77.0 $case &
        pids+=($!)
    done
    for case in path_questions path_download path_small_window; do
        run_case delay 10.78.0 $case &
        pids+=($!)
    done
    for case in path_talk path_download path_upload; do
        run_case loss 10.79.0 $case &
        pids+=($!)
    done
    wait "${pids[@]}"
}

judged() { # KIND
    python3 tests/live/verdict_compare.py $1 "$work/flows.$1" "$work"/log.* | tee "$work/judged.$1"
    return "${PIPESTATUS[0]}"
}

probe_setup
[ -c /dev/net/tun ] || { echo "1..0 # SKIP needs /dev/net/tun"; exit 0; }
trap 'kill "${relays[@]}" 2>/dev/null; probe_cleanup' EXIT
"$tools/waiting" list >"$work/cases"
slow_wire delay0 10.78.0 40 0
slow_wire loss0 10.79.0 5 5
for addr in 10.77.0.2 10.78.0.2 10.79.0.2; do
    ip netns exec $net_b "$tools/waiting" serve $addr 7200 >"$work/server.$addr" &
    servers="$servers $!"
    until_true 5 grep -q ready "$work/server.$addr"
done
start_report probe
start_report frames --probe off
sleep 0.5
for ((i = 0; i < rounds; i++)); do
    one_round
done
sleep 1.5
kill -INT "${reports[@]}"
wait "${reports[@]}"
for kind in probe frames; do
    check "$kind: $rounds rounds: each case named, none wrong" judged $kind
    sed -n "s/^$kind:/# &/p" "$work/judged.$kind"
done
tap_end
