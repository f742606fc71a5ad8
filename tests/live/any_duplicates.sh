#!/bin/bash
# A host of containers captures each packet on every interface that it crosses. Does it count once?
# Two network namespaces, joined by a bridge in a third, from where all interfaces are captured while
# one sends to the other. Usage: $0 BUILD (root)
build=$(readlink -f "$1")
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh

client=socklens-c-$$ server=socklens-s-$$ host=socklens-h-$$
work=$(mktemp -d)
sent=3000000

cleanup() {
    kill $(jobs -p)
    for ns in $client $server $host; do ip netns del $ns; done
    rm -rf "$work"
} 2>/dev/null

# container NAMESPACE PORT ADDRESS: with one foot in the bridge
container() {
    ip netns add $1 &&
        ip -n $host link add $2 type veth peer name eth0 netns $1 &&
        ip -n $host link set $2 master br0 up &&
        ip -n $1 addr add $3/24 dev eth0 &&
        ip -n $1 link set eth0 up
}

set_up() {
    ip netns add $host &&
        ip -n $host link add br0 type bridge &&
        ip -n $host link set br0 up &&
        container $client port1 10.78.0.1 &&
        container $server port2 10.78.0.2
}

# What the client's TCP says it sent, on standard output: bytes, and how many of its segments were repeats.
transfer() {
    ip netns exec $server python3 - <<'PY' &
import socket
with socket.create_server(("10.78.0.2", 7100)) as listener:
    s, _ = listener.accept()
    while s.recv(65536):
        pass
PY
    until_true 10 eval "ip netns exec $server ss -ltn | grep -q 10.78.0.2:7100"
    ip netns exec $client python3 - $sent <<'PY'
import socket, struct, sys
TCP_INFO, TOTAL_RETRANS, BYTES_SENT = 11, 100, 200 # struct tcp_info
with socket.create_connection(("10.78.0.2", 7100)) as s:
    s.sendall(bytes(int(sys.argv[1])))
    s.shutdown(socket.SHUT_WR)
    s.recv(1) # all has arrived
    info = s.getsockopt(socket.IPPROTO_TCP, TCP_INFO, 256)
print(struct.unpack_from("Q", info, BYTES_SENT)[0], struct.unpack_from("I", info, TOTAL_RETRANS)[0])
PY
    wait $!
}

report() {
    ip netns exec $host "$build/socklens" report -i any --probe off --format ndjson >"$work/flows" 2>"$work/err" &
    local pid=$!
    # Ready once privileges are dropped: everything is open then.
    until_true 20 grep -q '^NoNewPrivs:.*1' /proc/$pid/status
    sleep 0.3
    transfer >"$work/truth"
    sleep 0.5
    kill -INT $pid
    wait $pid
}

# value PYTHON-EXPRESSION: of the transfer's flow and the summary; true or why not
value() {
    cat "$work/err"
    python3 - "$work/flows" "$1" $(cat "$work/truth") <<'PY'
import json, sys
rows = [json.loads(line) for line in open(sys.argv[1])]
flows = [r for r in rows if r["type"] == "flow" and r["dst"].get("port") == 7100]
flow, summary = flows[0], rows[-1]
sent, repeats = int(sys.argv[3]), int(sys.argv[4])
print("sent", sent, "repeats", repeats, flow["src"], flow["dst"], summary)
sys.exit(len(flows) != 1 or not eval(sys.argv[2]))
PY
}

[ "$(id -u)" = 0 ] || { echo "1..0 # SKIP needs root"; exit 0; }
trap cleanup EXIT
set_up 2>/dev/null || { echo "1..0 # SKIP cannot make network namespaces with a bridge"; exit 0; }
report
check "the flow has the bytes that the client's TCP sent" value 'flow["src"]["payload_bytes"] == sent'
check "no copy is taken for a retransmission" value \
    'flow["src"]["tcp"]["retransmission"] <= repeats and flow["dst"]["tcp"]["retransmission"] == 0 and \
     (repeats > 0 or flow["dst"]["tcp"]["duplicate_ack"] == 0)'
check "each packet has a copy, and one frame of it in the flow" value \
    'summary["other"]["duplicate"] >= flow["src"]["packets"] + flow["dst"]["packets"]'
check "every frame is accounted for, none lost" value \
    'summary["packets"] == summary["flow_packets"] + summary["other_packets"] and not any(summary["loss"].values())'
tap_end
