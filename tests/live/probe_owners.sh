#!/bin/bash
# Are the owners right when sockets change hands (fork, dup, exec, SCM_RIGHTS, pidfd_getfd, threads), and when
# bytes move without a call on the socket (sendfile, splice, io_uring)? Usage: $0 BUILD (root)
build=$1
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/live/probe_lib.bash

owners() { # [lengths]
    python3 tests/live/passing.py compare "$work/dump" "$work/passed" "$@"
}

# A client and a server of io_uring, each against an ordinary other side.
through_uring() { # PORT [async]
    serve tcp-server 10.77.0.2 "$1"
    ip netns exec $net_a "$tools/uring" connect 10.77.0.2 "$1" 64 $2 >>"$work/client.log"
    ip netns exec $net_b "$tools/uring" accept 10.77.0.2 $(($1 + 100)) 64 $2 >"$work/server.uring$2" &
    until_true 5 grep -q ready "$work/server.uring$2"
    client tcp-client 10.77.0.2 $(($1 + 100))
    wait $!
}

ends_right() {
    NETNS=$(netns_inode $net_a),$(netns_inode $net_b) \
        python3 tests/live/probe_compare.py "$work/dump" "$work"/client.log "$work"/server.* | tee "$work/verdict"
    awk 'NR == 1 { exit !($2 == 8 && $8 == 8) }' "$work/verdict"
}

probe_setup
ip -n $net_a link set lo up
for plan in n s; do
    start_dump -p $plan
    check "plan $plan: opens" is_open
    ip netns exec $net_a python3 tests/live/passing.py make "$work/passed"
    stop_dump
    lengths=$([ $plan = s ] || echo lengths)
    check "plan $plan: users in order, and bytes, of sockets that change hands" owners $lengths
done
if ip netns exec $net_a "$tools/uring" connect 127.0.0.1 1 1 2>&1 | grep -q setup; then
    skip "io_uring" "this kernel does not let it be used"
else
    start_dump -p n
    through_uring 7001
    through_uring 7002 async
    stop_dump
    check "plan n: io_uring, both ends, in the process and in its workers" ends_right
fi
tap_end
