# SPDX-License-Identifier: MIT
"""What polling finds: `ss` in two network namespaces, ten times a second, as many tools do it.

use: poll_ss.py poll NAMESPACE... >SEEN          until it is killed
     poll_ss.py compare SEEN TRUTH...            prints "right N wrong N unknown N of N"
"""
import re
import subprocess
import sys
import time


def poll(namespaces):
    while True:
        for ns in namespaces:
            print(subprocess.run(["ip", "netns", "exec", ns, "ss", "-tunapH"], capture_output=True, text=True).stdout,
                  flush=True)
        time.sleep(0.1)


def end(text):
    address, _, port = text.rpartition(":")
    return re.sub(r"^\[(::ffff:)?|\]$|%.*", "", address), port


def compare(seen, truths):
    pids = {}
    for line in open(seen):
        words = line.split()
        if len(words) < 6:
            continue
        key = words[0], end(words[4]), end(words[5])
        pids.setdefault(key, set()).update(re.findall(r"pid=(\d+)", line))
    count = {"right": 0, "wrong": 0, "unknown": 0}
    for line in (l for path in truths for l in open(path) if l[0] != "#"):
        role, pid, _tid, la, lp, ra, rp, *_ = line.split("\t")
        found = pids.get((role[:3], (la, lp), (ra, rp)), set())
        count["right" if pid in found else "wrong" if found else "unknown"] += 1
    print(" ".join(f"{k} {v}" for k, v in count.items()), f"of {sum(count.values())}")


if sys.argv[1] == "poll":
    poll(sys.argv[2:])
else:
    compare(sys.argv[2], sys.argv[3:])
