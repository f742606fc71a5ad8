# Sourced by shell tests: TAP counting, and waiting for something to become true. bash.

tap_n=0 tap_failed=0

# check NAME COMMAND...: one test; its output shows only when it fails
check() {
    local name=$1 out
    shift
    tap_n=$((tap_n + 1))
    if out=$("$@" 2>&1); then
        echo "ok $tap_n - $name"
    else
        tap_failed=1
        [ -z "$out" ] || echo "$out" | tail -40 | sed 's/^/# /'
        echo "not ok $tap_n - $name"
    fi
}

# skip NAME REASON
skip() {
    tap_n=$((tap_n + 1))
    echo "ok $tap_n - $1 # SKIP $2"
}

tap_end() {
    echo "1..$tap_n"
    exit $tap_failed
}

now_ms() { echo $((${EPOCHREALTIME/[.,]/} / 1000)); }

# until_true SECONDS COMMAND...: poll until it succeeds
until_true() {
    local deadline=$(($(now_ms) + $1 * 1000))
    shift
    until "$@" >/dev/null 2>&1; do
        [ "$(now_ms)" -lt $deadline ] || return 1
        sleep 0.05
    done
}
