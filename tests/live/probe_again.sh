#!/bin/bash
# The calls level when a thread makes one call after the other: most records are short ones that refer to what
# was told before. Every call of four threads on their sockets, with name, descriptor and result, in each thread's
# order, against the log of the program that made them. Usage: $0 BUILD (root)
build=$1
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/live/probe_lib.bash

# What the dump says of these threads, in the log's form; TCP and Unix alike.
calls_of_dump() {
    awk -F'\t' '$1 == "CALL" && $16 ~ /^(sendto|recvfrom)/ {
        split($16, part, /[(=) ]+/); call = part[1]; result = $16
        sub(/.*\)=/, "", result); sub(/ .*/, "", result)
        print $11 "\t" $13 "\t" $9 "\t" call "\t" result }' "$work/dump" | sort -s -k1,1n
}

is_as_made() {
    sort -s -k1,1n "$work/made" >"$work/made.sorted"
    [ "$(wc -l <"$work/made.sorted")" -gt 4000 ] && diff "$work/made.sorted" <(calls_of_dump) | head -20 &&
        calls_of_dump | cmp - "$work/made.sorted"
}

# Sockets as before: a cookie has one descriptor in its process, and the same ends all the while.
ends_agree() {
    awk -F'\t' '$1 == "CALL" && $16 ~ /^(sendto|recvfrom)/ {
        ends = $9 " " $14 " " $15 " " $8 " " $10
        if ($3 in seen && seen[$3] != ends) { print $3, seen[$3], ends; bad = 1 }
        seen[$3] = ends; n++ }
        END { exit bad || !n }' "$work/dump"
}

# Across threads by time, but for calls that return at the same moment on two processors.
is_in_order() {
    awk -F'\t' '$1 == "CALL" { if ($2 + 0 < last) late++; last = $2 + 0; n++ } END { exit !(n && late * 100 <= n) }' \
        "$work/dump"
}

nothing_lost() {
    grep -q '^# loss calls 0$' "$work/dump"
}

probe_setup
mkfifo "$work/go"
for plan in n s; do
    python3 tests/live/busy_threads.py <"$work/go" >"$work/made" &
    pid=$!
    exec 3>"$work/go"
    sleep 0.2
    start_dump -p $plan -a -c -k $pid
    check "plan $plan: opens with calls" is_open
    echo >&3
    exec 3>&-
    wait $pid
    stop_dump
    check "plan $plan: every call of every thread, in order" is_as_made
    check "plan $plan: a socket is the same all the while" ends_agree
    check "plan $plan: by time across threads" is_in_order
    check "plan $plan: nothing lost" nothing_lost
done
tap_end
