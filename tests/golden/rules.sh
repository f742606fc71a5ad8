#!/bin/bash
# The dependency rule can fail: forbidden includes, planted in a copy, are found. Usage: $0 BUILD. TAP.
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
cp -r base capture decode bpf flow report tui cli "$copy"

passes() { tests/includes.sh "$copy"; }

# found FILE INCLUDE: with this line added the script fails, and names the file
found() {
    local out
    cp "$copy/$1" "$copy/saved"
    echo "#include $2" >>"$copy/$1"
    out=$(tests/includes.sh "$copy") && return 1
    mv "$copy/saved" "$copy/$1"
    echo "$out" | grep -q "^# $1:"
}

check "the tree as it is passes" passes
check "base may not look up" found base/fmt.c '"flow/rows/row.h"'
check "rooms of one floor do not know one another" found decode/packet.c '"capture/source.h"'
check "the screen does not know the engine's sources" found tui/app.c '"capture/source.h"'
check "libpcap stays in its room" found flow/engine.c '<pcap/pcap.h>'
check "libbpf stays in its room" found cli/main.c '<bpf/libbpf.h>'
check "curses stays in one file" found tui/app.c '<ncurses.h>'
check "the tree passes again" passes
tap_end
