#!/bin/bash
# Does a scope (pid with what it starts, comm, uid, cgroup, netns, port) let the probe tell of all that is
# inside it and of nothing outside? Usage: $0 BUILD (root)
build=$1
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/live/probe_lib.bash
count=20

# Clients of TCP and UDP, each connection in a process of its own: clients PREFIX... LOG PORT UDP-PORT
clients() {
    local program=$1 log=$2
    ip netns exec $net_a $wrap "$program" tcp-client 10.77.0.2 $3 --count $count --short >>"$log"
    ip netns exec $net_a $wrap "$program" udp-once 10.77.0.2 $4 --count $count >>"$log"
}

# A shell that waits for a line before it becomes a client; its pid is in $waiting.
start_waiting() {
    mkfifo "$work/go"
    (read -r <"$work/go" && clients "$tools/load" "$work/in" 7001 7004) &
    waiting=$!
}

compare() { # ENDS: as many ends of inside connections are told of rightly, and no socket of outside
    NETNS=$(netns_inode $net_a),$(netns_inode $net_b) \
        python3 tests/live/probe_compare.py "$work/dump" "$work/in" $server_logs | tee "$work/verdict"
    awk -v n="$1" 'NR == 1 { ok = $2 == n && $4 == 0 && $8 == n } END { exit !ok }' "$work/verdict" || return 1
    awk -F'\t' -v servers=":(7002|7005|7001${server_logs:+x}|7004${server_logs:+x})\$" -v mine=",$(netns_inode $net_a),$(netns_inode $net_b)," '
        NR == FNR { if ($1 !~ /^#/) client[$2] = 1; next }
        $1 ~ /^#/ || !index(mine, "," $8 ",") { next }
        $10 in client || $14 ~ servers { print; outside = 1 }
        END { exit outside }' "$work/out" "$work/dump"
}

run_inside() { clients "$tools/load" "$work/in" 7001 7004; }
run_waiting() { echo >"$work/go"; wait $waiting; }
run_renamed() { clients "$work/socklens-scope" "$work/in" 7001 7004; }
run_as_user() { wrap="setpriv --reuid=12345 --clear-groups" run_inside; }
run_in_cgroup() { (echo $BASHPID >"$cgroup/below/cgroup.procs" && run_inside); }

# scoped NAME SCOPE INSIDE-COMMAND: the same load goes on outside
scoped() {
    local plan
    for plan in n s; do
        [ "$3" != run_waiting ] || { rm -f "$work/go"; start_waiting; }
        rm -f "$work/in" "$work/out"
        for log in $server_logs; do : >"$log"; done
        start_dump -p $plan -s ${2/WAITING/$waiting}
        check "plan $plan, $1: opens" is_open
        clients "$tools/load" "$work/out" 7002 7005
        $3
        clients "$tools/load" "$work/out" 7002 7005
        stop_dump
        check "plan $plan, $1: all that is inside, nothing else" compare $((count * ${4:-2}))
        sed 's/^/# /' "$work/verdict"
    done
}

probe_setup
chmod 755 "$work"
cp "$tools/load" "$work/socklens-scope"
for port in 7001 7002; do serve tcp-server 10.77.0.2 $port --workers 2; done
for port in 7004 7005; do serve udp-server 10.77.0.2 $port; done

server_logs=''
scoped pid pid=WAITING run_waiting
scoped comm comm=socklens-scope run_renamed
scoped uid uid=12345 run_as_user
tree=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
cgroup=$tree/socklens-scope-$$
if [ -n "$tree" ] && mkdir -p "$cgroup/below" 2>/dev/null; then
    scoped cgroup "cgroup=$(stat -c %i "$cgroup")" run_in_cgroup
    rmdir "$cgroup/below" "$cgroup"
else
    skip cgroup "no cgroup v2 to write to"
fi

# Both ends have these ports, wherever they are; and of the same load only one side is in a namespace.
server_logs="$work/server.7001 $work/server.7004"
scoped ports "port=7001 -s port=7004" run_inside 4
server_logs=''
inside=$(netns_inode $net_a)
start_dump -p n -s netns=$inside
rm -f "$work/in"
run_inside
stop_dump
check "netns: one namespace only" awk -F'\t' -v netns="$inside" \
    '!/^#/ && $8 != netns { print; bad = 1 } !/^#/ { n++ } END { exit bad || n < 80 }' "$work/dump"
tap_end
