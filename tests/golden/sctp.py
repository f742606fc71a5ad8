"""Compare sctp.* of our flow records (file $OURS) with tshark's fields on stdin. Prints differences; exit 1 if any."""
import json
import os
import sys

ends = {}  # (ip, port, peer ip, peer port): what tshark knows of this sender
for line in sys.stdin:
    field = [f.split(",") if f else [] for f in line.rstrip("\n").split(";")]
    ip = lambda v4, v6: (field[v4] or field[v6])[-1]
    key = ip(0, 1), int(field[2][-1]), ip(3, 4), int(field[5][-1])
    end = ends.setdefault(key, {"data": 0, "tag": None, "streams": None, "addresses": None})
    end["data"] += sum(int(t, 0) in (0, 64) for t in field[6])
    tag, streams = field[7] or field[8], field[9] or field[10]
    if tag:
        end.update(tag=int(tag[0], 0), streams=int(streams[0]), addresses=field[11])

bad = not ends
rows = [json.loads(line) for line in open(os.environ["OURS"])]
for row in rows:
    if row.get("proto") != "sctp":
        continue
    for mine, peer in ("src", "dst"), ("dst", "src"):
        key = row[mine]["ip"], row[mine].get("port"), row[peer]["ip"], row[peer].get("port")
        want, got = ends.get(key, {"data": 0, "tag": None}), row[mine].get("sctp")
        if not got:
            continue
        same = got["data_chunks"] == want["data"]
        if want["tag"] is not None:
            same &= got["tag"] == want["tag"] and got.get("streams_out") == want["streams"]
            same &= [a for a in got.get("addresses", []) if ":" not in a] == want["addresses"]
        if not same:
            print("ours:", key, got, "tshark:", want)
            bad = True
sys.exit(bad)
