"""IPFIX as RFC 7011 has it, for tests: a receiver that checks what it gets, and adds records up.

Usage: ipfix.py udp|tcp PORT OUT [--buffer BYTES] [--after FILE]
Listens on 127.0.0.1 until SIGTERM; with --after nothing is read before FILE exists. Then it writes all messages to OUT, one behind
the other, and prints JSON: messages, records, sums, what was wrong.
"""
import argparse
import json
import os
import select
import signal
import socket
import struct
import sys
import time

NTOP, REVERSE = 35632, 29305
NAMES = {(0, 1): "bytes", (0, 2): "packets", (REVERSE, 1): "bytes_back", (REVERSE, 2): "packets_back", (0, 136): "end",
         (0, 148): "id", (0, 152): "start_ms", (0, 153): "end_ms", (0, 156): "start_ntp", (0, 157): "end_ntp", (0, 7): "src_port",
         (0, 11): "dst_port", (0, 4): "proto", (NTOP, 168): "src_pid", (NTOP, 169): "src_process", (NTOP, 375): "dst_pid",
         (NTOP, 376): "dst_process", (0, 8): "src", (0, 12): "dst", (0, 27): "src", (0, 28): "dst"}
TEXTS = ("src_process", "dst_process")


class Reader:
    """Messages of one exporter; its templates and sequence are those of a transport session."""

    def __init__(self):
        self.messages, self.records, self.wrong, self.template_messages = 0, [], [], 0
        self.begin()

    def begin(self):
        self.templates, self.sequence = {}, None

    def message(self, data):
        version, length, when, sequence, self.domain = struct.unpack(">HHIII", data[:16])
        if version != 10 or length != len(data) or length > 1420:
            self.wrong.append(f"version {version}, length {length} of {len(data)}")
        if self.sequence is not None and sequence != self.sequence:
            self.wrong.append(f"sequence {sequence} instead of {self.sequence}")
        if abs(when - time.time()) > 60:
            self.wrong.append(f"export time {when}")
        before, at, self.messages = len(self.records), 16, self.messages + 1
        while at < length:
            kind, size = struct.unpack(">HH", data[at:at + 4])
            self.set(kind, data[at + 4:at + size])
            at += size
        self.sequence = sequence + len(self.records) - before

    def set(self, kind, data):
        if kind == 2:
            self.template_messages += 1
            self.read_templates(data)
        elif kind not in self.templates:
            self.wrong.append(f"set {kind} before its template")
        else:
            while data:
                data = self.record(self.templates[kind], data)

    def read_templates(self, data):
        while data:
            number, count = struct.unpack(">HH", data[:4])
            data, fields = data[4:], []
            for _ in range(count):
                element, size = struct.unpack(">HH", data[:4])
                pen = struct.unpack(">I", data[4:8])[0] if element & 0x8000 else 0
                fields.append(((pen, element & 0x7fff), size))
                data = data[8 if pen else 4:]
            self.templates[number] = fields

    def record(self, fields, data):
        row = {}
        for key, size in fields:
            if size == 0xffff:
                size, data = data[0], data[1:]
            name, value, data = NAMES.get(key), data[:size], data[size:]
            if name in TEXTS:
                row[name] = value.decode(errors="replace")
            elif name:
                row[name] = int.from_bytes(value, "big")
        self.records.append(row)
        return data

    def result(self):
        sums = {k: sum(r[k] for r in self.records) for k in ("packets", "bytes", "packets_back", "bytes_back")}
        return {"messages": self.messages, "records": len(self.records), "flows": len({r["id"] for r in self.records}),
                "templates": self.template_messages, "sums": sums, "wrong": self.wrong[:5],
                "processes": sorted({r[k] for r in self.records for k in TEXTS} - {""}),
                "ends": sorted({r["end"] for r in self.records}), "rows": self.records[:200]}


def receive_udp(s, reader, out, ended):
    while not ended():
        if select.select([s], [], [], 0.05)[0]:
            data = s.recv(65536)
            out.write(data)
            reader.message(data)


def receive_tcp(listener, reader, out, ended):
    peer, data = None, b""
    while not ended() or (peer and select.select([peer], [], [], 0)[0]):
        ready = select.select([peer or listener], [], [], 0.05)[0]
        if ready and not peer:
            peer, data = listener.accept()[0], b""
            reader.begin()
        elif ready:
            more = peer.recv(1 << 16)
            data += more
            while len(data) >= 4 and len(data) >= int.from_bytes(data[2:4], "big"):
                n = int.from_bytes(data[2:4], "big")
                out.write(data[:n])
                reader.message(data[:n])
                data = data[n:]
            if not more:
                peer.close()
                peer = None


def main():
    p = argparse.ArgumentParser()
    p.add_argument("transport")
    p.add_argument("port", type=int)
    p.add_argument("out")
    p.add_argument("--buffer", type=int, default=4 << 20)
    p.add_argument("--after")
    o = p.parse_args()
    stop = []
    signal.signal(signal.SIGTERM, lambda *_: stop.append(1))
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM if o.transport == "tcp" else socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, o.buffer)
    s.bind(("127.0.0.1", o.port))
    if o.transport == "tcp":
        s.listen(4)
    reader = Reader()
    with open(o.out, "wb") as out:
        open(o.out + ".ready", "w").close()
        while o.after and not os.path.exists(o.after) and not stop:
            time.sleep(0.05)
        (receive_tcp if o.transport == "tcp" else receive_udp)(s, reader, out, lambda: bool(stop))
    json.dump(reader.result(), sys.stdout)
    return bool(reader.wrong)


if __name__ == "__main__":
    sys.exit(main())
