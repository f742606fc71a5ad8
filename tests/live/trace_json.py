"""Does a trace in NDJSON have the fields that docs/TRACE.md promises? Usage: trace_json.py FILE"""
import json
import re
import sys

calls = [json.loads(line) for line in open(sys.argv[1])]
summary = calls.pop()
promised = set(re.findall(r"^\| `([a-z_.]+)`", open("docs/TRACE.md").read(), re.M))
seen = set()


def fields(value, path=""):
    for key, inner in value.items():
        name = path + key
        if name == "args" or (name == "loss" and value.get("type") == "summary"):
            seen.add(name)
        elif isinstance(inner, dict):
            fields(inner, name + ".")
        else:
            seen.add(name)


for call in calls:
    assert call["type"] == "call", call
    assert {"time", "call", "pid", "tid", "uid", "comm", "args"} <= set(call), call
    assert ("result" in call) != ("unfinished" in call), call
    assert (call.get("result") == -1) == ("errno" in call), call
    fields(call)
fields(summary)
assert summary["type"] == "summary" and summary["calls"] == len(calls), summary
assert summary["failed"] == sum("errno" in c for c in calls), summary
send = next(c for c in calls if c["call"] == "sendto" and c["result"] == 300)
read = next(c for c in calls if c["call"] == "recvfrom" and c["result"] == 300)
assert send["args"]["len"] == 300 and send["args"]["flags"] == "0", send
assert send["socket"]["seq_end"] - send["socket"]["seq"] & 0xffffffff == 300, send
assert (send["socket"]["seq"], send["socket"]["local"]) == (read["socket"]["seq"], read["socket"]["remote"]), read
assert send["frames"] == dict(send["frames"], way="out", count=1, bytes=300), send
assert read["frames"]["way"] == "in", read
undocumented, unseen = seen - promised, promised - seen - {"unfinished", "resumed"}
print("not in docs/TRACE.md:", undocumented, "promised but not seen:", unseen)
sys.exit(bool(undocumented or unseen))
