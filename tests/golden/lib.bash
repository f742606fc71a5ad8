# Sourced by the tests of this folder that compare with an oracle in Python. Wants tests/lib.sh before.

corpus=../shared/corpus
export PYTHONDONTWRITEBYTECODE=1

# oracle WHAT PROGRAM ARGUMENTS...: one test, named by the first line that the program prints
oracle() {
    local what=$1 out status
    shift
    out=$(python3 "$@" 2>&1)
    status=$?
    check "$what: $(echo "$out" | head -1)" ended_well "$status" "$out"
}

ended_well() { # status, output
    [ "$1" = 0 ] || { echo "$2"; return 1; }
}
