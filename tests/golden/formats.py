"""Hostile names through every report format, read back by readers that are not ours.

Usage: formats.py SOCKLENS FORMAT FOLDER    Prints one line and ends with 1 when anything differs.
"""
import csv
import json
import os
import re
import sqlite3
import subprocess
import sys
import unicodedata
from html.parser import HTMLParser

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
import mksamples  # noqa: E402

NAMES = [b"\x1b[31mred", b"new\nline", b'quo"te\'s', b"=cmd|' /C", b"\xff\xfe\xc3(", b"tab\there,;", b"a\\b\\x41",
         b"<b>&amp;</b>", b"| `c` | ~*", b"-", b"@sum(1)", b"\xe2\x80\xaetxt.exe", b"\xc3\xa4\xe6\x97\xa5\xf0\x9f\x98\x80", b"(empty)",
         b"\x7f\x01\xc2\x85", b"</script><i>"]


def vis(raw):
    """base/vis.h, as FORMATS of this project define it."""
    out, i = "", 0
    while i < len(raw):
        for n in (1, 2, 3, 4):
            try:
                c = raw[i:i + n].decode()
                break
            except UnicodeDecodeError:
                c = None
        if c == "\\":
            out += "\\\\"
        elif c is None:
            out += f"\\x{raw[i]:02x}"
            n = 1
        elif unicodedata.category(c) == "Cc" or re.match("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]", c):
            out += "".join(f"\\x{b:02x}" for b in raw[i:i + n])
        else:
            out += c
        i += n
    return out


def unvis(text):
    return re.sub(rb"\\(\\|x([0-9a-f]{2}))", lambda m: bytes([int(m[2], 16)]) if m[2] else b"\\", text.encode())


def capture(folder):
    """One HTTP conversation a name: by a process of that name, with a Host and a DNS name that hold it."""
    frames = []
    for i, name in enumerate(NAMES):
        escaped = "".join(f"\\x{b:02x}" for b in name)
        comment = f"pid={1000 + i} tid={1000 + i} uid=0 comm={escaped}"
        mksamples.http(frames, ("192.0.2.10", 41000 + i), ("198.51.100.2", 80), 50.0 * i, (comment, None))
    path = os.path.join(folder, "hostile.pcapng")
    with open(path, "wb") as f:
        f.write(mksamples.pcapng(sorted(frames, key=lambda x: x[0])))
    return path


def run(socklens, fmt, path, *options):
    return subprocess.run([socklens, "report", "-n", "-r", path, "--format", fmt, *options], capture_output=True,
                          check=True).stdout


def of_csv(out):
    rows = list(csv.reader(out.decode().splitlines(keepends=True)))
    assert all(len(r) == len(rows[0]) for r in rows), "cells"
    found = [dict(zip(rows[0], r))["src_process_name"] for r in rows[1:]]
    for text in found:
        assert text[:1] not in "=+-@", text
    return [t[1:] if t[0] == "'" and t[1:2] in "=+-@" else t for t in found]


def of_json(out):
    return [o["src"]["process"]["name"] for o in json.loads(out.decode()) if o["type"] == "flow"]


def of_ndjson(out):
    lines = [json.loads(line) for line in out.decode().split("\n") if line]
    return [o["src"]["process"]["name"] for o in lines if o["type"] == "flow"]


def of_ecs(out):
    lines = [json.loads(line) for line in out.decode().split("\n") if line]
    assert "loss" in lines[-1]["socklens"]
    return [o["process"]["name"] for o in lines[:-1]]


def of_zeek(out):
    """As zeek-cut does: the header names separator and columns."""
    lines = out.decode().split("\n")[:-1]
    assert lines[0] == "#separator \\x09"
    header = {line.split("\t")[0]: line.split("\t")[1:] for line in lines[1:] if line[0] == "#"}
    rows = [line.split("\t") for line in lines if line[0] != "#"]
    assert all(len(r) == len(header["#fields"]) == len(header["#types"]) for r in rows)
    cells = [r[header["#fields"].index("orig_process")] for r in rows]
    assert header["#unset_field"][0] not in cells
    return [vis(unvis(c)) for c in cells]


def of_zeek_json(out):
    return [json.loads(line)["orig_process"] for line in out.decode().split("\n") if line]


def of_markdown(out):
    lines = [line for line in out.decode().split("\n") if line.startswith("|")]
    cells = [re.split(r"(?<!\\)(?:\\\\)*\|", line) for line in lines]
    assert all(len(c) == len(cells[0]) for c in cells)
    column = [c.strip() for c in cells[0]].index("SRC PROCESS")
    return [re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", c[column].strip()).rsplit("/", 1)[0] for c in cells[2:]]


def of_text(out):
    assert not re.search(rb"[\x00-\x09\x0b-\x1f\x7f]", out), "control characters"
    return None


class Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.text = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        for name, value in attrs:
            assert name not in ("src", "href") or value.startswith("#"), (name, value)
            assert not name.startswith("on"), name

    def handle_data(self, data):
        self.text.append(data)


def of_html(out):
    page = Page()
    page.feed(out.decode())
    assert page.tags.count("script") == 1 and "i" not in page.tags and "b" not in page.tags
    missing = [n for n in map(vis, NAMES) if not any(n == t.strip() or n + "/" in t for t in page.text)]
    assert not missing, missing
    return None


READERS = {"csv": of_csv, "json": of_json, "ndjson": of_ndjson, "ecs": of_ecs, "zeek": of_zeek,
           "zeek-json": of_zeek_json, "markdown": of_markdown, "text": of_text, "html": of_html}


def of_sqlite(socklens, path, folder):
    db = os.path.join(folder, "hostile.db")
    run(socklens, "sqlite", path, "--output", db)
    checked = subprocess.run(["sqlite3", db, "PRAGMA integrity_check; SELECT count(*) FROM processes"],
                             capture_output=True, text=True, check=True).stdout.split()
    assert checked == ["ok", str(len(NAMES))], checked
    with sqlite3.connect(db) as c:
        return [r[0] for r in c.execute("SELECT src_process_name FROM flows ORDER BY start_ns")]


def of_ipfix(socklens, path, folder):
    file = os.path.join(folder, "hostile.ipfix")
    run(socklens, "ipfix", path, "--output", file)
    out = subprocess.run(["tshark", "-r", file, "-T", "json", "-J", "cflow"], capture_output=True, check=True)
    text = out.stdout.decode(errors="strict")
    assert "_ws.malformed" not in text and "_ws.expert" not in text
    return [json.loads(f'"{n}"') for n in re.findall(r'"cflow.pie.ntop.src_proc_name": "((?:[^"\\]|\\.)*)"', text)]


def main():
    socklens, fmt, folder = sys.argv[1:]
    path = capture(folder)
    wanted = [vis(n[:15]) for n in NAMES]
    if fmt == "ipfix":  # tshark 4.0 takes ntop's texts as ASCII: a sign for each other byte
        wanted = [re.sub("[^\x00-\x7f]", lambda m: "\ufffd" * len(m[0].encode()), n) for n in wanted]
    if fmt in ("sqlite", "ipfix"):
        found = {"sqlite": of_sqlite, "ipfix": of_ipfix}[fmt](socklens, path, folder)
    else:
        found = READERS[fmt](run(socklens, fmt, path))
    if found is not None and found != wanted:
        print(f"{fmt}: names differ")
        print("\n".join(f"{a!r} is {b!r}" for a, b in zip(wanted, found) if a != b), len(found), len(wanted))
        return 1
    print(f"{fmt}: {len(NAMES)} hostile names come back whole")
    return 0


sys.exit(main())
