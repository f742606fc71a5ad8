#!/bin/bash
# Does the probe work on kernels other than this machine's? Boots Debian's kernels in QEMU (no KVM), runs
# guest.sh in them and compares what the probe said with the load generator's log. TAP.
# Usage: tests/kernels/run.sh BUILD [SERIES...]   (default: 6.1 6.12)
#
# Packages are downloaded and unpacked below BUILD/kernels and stay there for the next run. Needs no root.
set -u
build=$(readlink -f "$1")
shift
cd "$(dirname "$0")/../.." || exit 1
cache=$build/kernels tools=$build/kernels/tools
programs="$build/socklens $build/tests/tools/load $build/tests/tools/probe_dump $(command -v bash ip)"
. tests/lib.sh
. tests/kernels/fetch.bash
. tests/kernels/machine.bash
seconds_max=600 # of one machine; 100 when nothing else runs

# The machine's TAP becomes ours, with the kernel's name before each test.
relay() { # SERIES CONSOLE
    local line
    while read -r line; do
        line=${line%$'\r'}
        case $line in
            "ok "*" - "* | "not ok "*" - "*)
                tap_n=$((tap_n + 1))
                [[ $line = ok* ]] || tap_failed=1
                echo "${line%%ok *}ok $tap_n - $1: ${line#* - }" ;;
            "# "*) echo "$line" ;;
        esac
    done <"$2"
}

ended() { # CONSOLE: with a plan, as TAP ends
    tail -20 "$1"
    grep -q '^1\.\.[1-9]' "$1"
}

compare() { # FOLDER-OF-A-CASE
    if [ -e "$1/flows" ]; then
        WALL=$(cat "$1/wall") python3 tests/live/flow_compare.py "$1/flows" "$1"/client.log "$1"/server.*
    else
        NETNS=$(cat "$1/netns") python3 tests/live/probe_compare.py "$1/dump" "$1"/client.log "$1"/server.*
    fi
}

# At least 99 in 100 ends right and none wrong, of 1200
attributed() { # FOLDER-OF-A-CASE
    compare "$1" | tee "$1/verdict"
    awk 'NR == 1 { ok = $2 >= 0.99 * $8 && $8 == 1200 && $4 == 0 } END { exit !ok }' "$1/verdict"
}

is_whole() { # FOLDER-OF-CASES
    ls "$1"
    test "$(find "$1" -name client.log | wc -l)" = 3
}

judge() { # SERIES KERNEL-FOLDER
    local case name
    rm -rf "$2/cases"
    mkdir "$2/cases"
    tar -xz -C "$2/cases" -f "$2/kept" 2>/dev/null
    check "$1: hands over its three cases" is_whole "$2/cases"
    for case in "$2"/cases/*/; do
        name=$(basename "$case")
        check "$1: $name: 99 % of ends right, none wrong" attributed "${case%/}"
        [ ! -s "$case/verdict" ] || head -1 "$case/verdict" | sed 's/^/# /'
    done
}

try() { # SERIES
    local package folder started=$SECONDS
    package=$(kernel_package "$1")
    [ -n "$package" ] || { skip "$1" "the package sources have no cloud kernel of that series"; return; }
    folder=$cache/$package
    fetch "$folder" "$package" || { skip "$1" "cannot download $package"; return; }
    check "$1: packs an initramfs" pack "$folder"
    boot "$folder" $seconds_max
    relay "$1" "$folder/console"
    check "$1: the machine came to its end" ended "$folder/console"
    judge "$1" "$folder"
    echo "# $package: $((SECONDS - started)) s"
}

fetch_tools() {
    apt-cache show qemu-system-x86 >/dev/null 2>&1 || apt-get update -qq >>"$cache/apt.log" 2>&1
    fetch "$tools" busybox-static qemu-system-x86 $(missing_for qemu-system-x86)
}

mkdir -p "$cache"
if [ "$(uname -m)" != x86_64 ] || ! command -v apt-get >/dev/null; then
    skip "other kernels" "needs Debian on x86-64"
elif ! fetch_tools; then
    skip "other kernels" "cannot download QEMU: $cache/apt.log says why"
else
    for series in ${*:-6.1 6.12}; do
        try "$series"
    done
fi
tap_end
