#!/bin/bash
# Flows of captures that others made against values that independent tools computed, where that set lies
# beside the repository. Usage: tests/golden/compare_corpus.sh BUILD. TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=$1
corpus=../shared/corpus
if [ ! -f $corpus/compare.py ]; then
    echo "ok 1 - corpus # SKIP no capture corpus at $corpus"
    echo 1..1
    exit 0
fi
# section:bar in per mille; what is shown today, never lowered
bars="run:1000 conserve:995 flows:998 bytes:998 ip:995 tcp:990 loss:995 state:980 names:980"
n=0 failed=0
table=$(python3 $corpus/compare.py "$build/socklens")
for bar in $bars; do
    n=$((n + 1))
    line=$(echo "$table" | grep "^${bar%:*} ")
    if echo "$line" | awk -v bar="${bar#*:}" '{exit !($4 > 0 && 1000 * $2 >= bar * $4)}'; then
        echo "ok $n - corpus: $line"
    else
        failed=1
        echo "not ok $n - corpus: $line, wanted ${bar#*:} per mille"
    fi
done
echo "1..$n"
exit $failed
