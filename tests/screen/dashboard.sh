#!/bin/bash
# The dashboard on saved captures: every screen, keys, sizes. Usage: tests/screen/dashboard.sh BUILD. TAP.
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/screen/lib.bash
socklens=$1/socklens

for size in "80 24" "200 60"; do
    start $size "$socklens" -r samples/processes.pcapng
    check "$size: flows with their process" shows 'curl.*127\.0\.0\.1.*8000'
    check "$size: source and number of flows" shows 'processes\.pcapng.*2 flows'
    check "$size: what was lost is always told" shows 'no loss'
    keys Enter
    check "$size: Enter opens the flow" shows '(→|->|-).*8000'
    check "$size: with all that is known of it" shows '(python3|curl) 4(021|077).*httpd 3990'
    keys Escape
    check "$size: Escape goes back" shows 'curl.*127\.0\.0\.1.*8000'
    keys 7
    check "$size: the health view names the stages" shows 'frames dropped by the kernel'
    keys 1
    keys '?'
    check "$size: ? lists keys" shows 'sort by the next column'
    keys q
done
check "q ends it with 0" shows 'ended with 0'

start 140 24 "$socklens" -r samples/processes.pcapng
check "140 columns: the process of both ends" shows 'curl.*127\.0\.0\.1.*httpd'
keys q

start 100 24 "$socklens" -r samples/mixed.pcapng
check "seven flows" shows '7 flows'
keys / 4000
keys 5
check "the filter works as it is typed" shows '1 of 7'
keys Enter
check "and stays" shows '40005'
check "others are gone" hides '40003'
keys c
check "c shows all again" shows '40003'
keys / nosuchthing
check "nothing matches: it says so" shows '0 of 7'
keys Escape
check "Escape undoes the filter" shows '40003'
keys / 'port = 40005'
check "a filter in words of fields" shows '1 of 7'
keys ' and nosuchfield > 1'
check "what is wrong with a filter is said as it is typed" shows 'nosuchfield'
check "and the last good one stays" hides '40003'
keys Escape
keys 6
check "problems: only flows with which something is wrong" shows 'PROBLEM.*PROCESS'
check "and what is wrong" shows 'refused.*40005.* 82'
check "and how many" shows '1–3 of 3'
keys 4
check "hosts: what sent most stands first" shows 'HOST.*FLOWS'
check "with all its flows" shows '192\.0\.2\.10 +6 '
keys Down Enter
check "a host opens to its flows alone" hides '40005'
check "which are there" shows '2001:db8::10 +40003'
keys Escape
check "Escape leads back to the hosts" shows 'HOST.*FLOWS'
keys : heal Enter
check ": goes to a view by its name" shows 'frames dropped by the kernel'
keys 1
keys p
check "pause is shown" shows 'PAUSED'
keys p
check "and ends" hides 'PAUSED'

resize 20 5
check "20×5 still shows something of it" shows 'no loss.*mixed'
resize 100 24
check "and back" shows '7 flows'
keys s
keys s
check "sorting keeps every flow" shows '40005'
keys q
check "quitting restores the terminal" shows 'ended with 0'

# The bytes of the request, as tcpdump -XX has them.
start 100 30 "$socklens" -r samples/web.pcap --payload
check "--payload: the list" shows '198\.51\.100\.2'
keys Enter l
check "its ladder" shows 'PSH ACK seq 1 ack 1 len'
keys j j j X
check "the bytes of a frame" shows '0050  70 6c 65 2e 6f 72 67 0d  0a 0d 0a +ple\.org\.\.\.\.$'
keys X
check "and back" shows 'FRAME +TIME'
keys q
start 100 30 "$socklens" -r samples/web.pcap
check "without --payload: the list" shows '198\.51\.100\.2'
keys Enter l
check "its ladder" shows 'PSH ACK seq 1 ack 1 len'
keys X
check "no bytes, and why" shows 'start with --payload'
keys q

start 100 24 env NO_COLOR=1 "$socklens" -r samples/web.pcap
check "NO_COLOR: the screen is there" shows '198\.51\.100\.2'
check "NO_COLOR: and has no colour" bash -c "! tmux -L $tmux_socket capture-pane -e -p -t s | grep -qE $'\\x1b\\[[0-9;]*(3[0-7]|9[0-7]|38;|48;|4[0-7])m'"
keys q
start 100 24 "$socklens" -r samples/web.pcap
check "with colour: it has some" until_true 5 bash -c "tmux -L $tmux_socket capture-pane -e -p -t s | grep -qE $'\\x1b\\[[0-9;]*(3[0-7]|9[0-7]|38;)'"
keys q

start 100 24 env TERM=nosuchterm "$socklens" -r samples/web.pcap
check "an unknown TERM is explained" shows 'nosuchterm'
check "and is a failure" shows 'ended with 1'

start 100 24 "$socklens" -r samples/cut.pcap
check "a cut file: what was read is shown, and that it was cut" shows 'cut off|cut short|damaged'
keys q
check "a cut file ends with 3" shows 'ended with 3'
tap_end
