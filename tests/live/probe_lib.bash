# Sourced by the live tests of the probe: two network namespaces joined by a veth pair, servers of the
# load generator in one, clients in the other, and probe_dump beside them. bash, root.

tools=$build/tests/tools
net_a=socklens-a-$$ net_b=socklens-b-$$
work=$(mktemp -d)
servers='' dump=''
patience=${patience:-10} # seconds for something to start; a machine that is emulated wants more

probe_cleanup() {
    [ -z "$servers$dump" ] || kill -9 $servers $dump
    ip netns del $net_a
    ip netns del $net_b
    rm -rf "$work"
} 2>/dev/null

# Skip the whole file when this machine cannot run it.
probe_setup() {
    [ "$(id -u)" = 0 ] || { echo "1..0 # SKIP needs root"; exit 0; }
    trap probe_cleanup EXIT
    ip netns add $net_a 2>/dev/null && ip netns add $net_b ||
        { echo "1..0 # SKIP cannot make network namespaces"; exit 0; }
    ip -n $net_a link add veth0 type veth peer name veth0 netns $net_b
    ip -n $net_a addr add 10.77.0.1/24 dev veth0
    ip -n $net_b addr add 10.77.0.2/24 dev veth0
    ip -n $net_a addr add fd77::1/64 dev veth0 nodad
    ip -n $net_b addr add fd77::2/64 dev veth0 nodad
    ip -n $net_a link set veth0 up
    ip -n $net_b link set veth0 up
}

# The inode of a namespace of this run
netns_inode() {
    ip netns exec "$1" readlink /proc/self/ns/net | tr -dc 0-9
}

# serve ROLE ADDR PORT [OPTIONS]: start a server in b; its log is $work/server.PORT
serve() {
    local log=$work/server.$3
    ip netns exec $net_b "$tools/load" "$@" >>"$log" &
    servers="$servers $!"
    until_true $patience grep -q ready "$log" || echo "# $* did not start"
}

stop_servers() {
    kill $servers
    wait $servers
    servers=
} 2>/dev/null

# client ROLE ADDR PORT [OPTIONS]: run a client in a; the log is $work/client.log
client() {
    ip netns exec $net_a "$tools/load" "$@" >>"$work/client.log"
}

# start_dump [WRAPPER... --] OPTIONS: what it prints is in $work/dump
start_dump() {
    local wrapper=()
    rm -f "$work/dump"
    if [[ " $* " == *" -- "* ]]; then
        while [ "$1" != -- ]; do
            wrapper+=("$1")
            shift
        done
        shift
    fi
    "${wrapper[@]}" "$tools/probe_dump" "$@" >"$work/dump" &
    dump=$!
    until_true $patience grep -q '^# [rf]' "$work/dump"
}

is_open() {
    grep '^#' "$work/dump"
    grep -q '^# ready' "$work/dump"
}

stop_dump() {
    sleep 0.3
    kill -TERM $dump
    wait $dump
    dump=
} 2>/dev/null

# lost NAME: a counter of the probe that has stopped
lost() {
    sed -n "s/^# loss $1 //p" "$work/dump"
}

# One more wire between the namespaces, slow and losing as asked; the caller kills ${relays[@]}.
relays=()
slow_wire() { # DEVICE SUBNET DELAY-MS LOSS-PERCENT
    ip netns exec $net_a "$tools/frame_relay" $net_b "$1" "$3" "$4" "${SEED:-1}" >"$work/$1.ready" &
    relays+=($!)
    until_true 5 grep -q ready "$work/$1.ready"
    ip -n $net_a addr add "$2.1/24" dev "$1"
    ip -n $net_b addr add "$2.2/24" dev "$1"
    # What it loses is for it to say, not for a short queue before it.
    ip -n $net_a link set "$1" txqueuelen 10000 up
    ip -n $net_b link set "$1" txqueuelen 10000 up
}
