#!/usr/bin/env python3
"""A pcapng of connections whose processes have names of every script; and: are columns aligned on a screen?

names_capture.py write FILE            the capture
names_capture.py aligned TEXT < SCREEN  does TEXT begin at one column in all lines that have it?
"""
import socket, struct, sys, unicodedata

NAMES = ["plain", "\u05e9\u05dc\u05d5\u05dd", "\u0645\u0631\u062d\u0628\u0627", "\u6f22\u5b57\u540d",
         "e\u0301a\u0308o\u0302", "\u200fhidden", "\U0001f600ok", "a\u0301\u0302\u0303\u0304\u0308b", "\u202eevil"]


def option(code, value):
    return struct.pack("<HH", code, len(value)) + value + b"\0" * (-len(value) % 4)


def block(kind, body):
    total = len(body) + 12
    return struct.pack("<II", kind, total) + body + struct.pack("<I", total)


def syn(n):
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 40, n, 0, 64, 6, 0, socket.inet_aton("192.0.2.1"),
                     socket.inet_aton("198.51.100.77"))
    tcp = struct.pack("!HHIIBBHHH", 40000 + n, 443, 1000, 0, 0x50, 2, 65535, 0, 0)
    return b"\2\0\0\0\0\2" + b"\2\0\0\0\0\1" + b"\x08\0" + ip + tcp


def write(path):
    out = [block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)), block(1, struct.pack("<HHI", 1, 0, 0))]
    for n, name in enumerate(NAMES):
        comment = "pid=%d comm=%s" % (100 + n, name)
        options = option(1, comment.encode()) + option(2, struct.pack("<I", 2)) + option(0, b"")
        frame, us = syn(n), 1767323045000000 + n * 1000
        body = struct.pack("<IIIII", 0, us >> 32, us & 0xFFFFFFFF, len(frame), len(frame))
        out.append(block(6, body + frame + b"\0" * (-len(frame) % 4) + options))
    open(path, "wb").write(b"".join(out))


def width(text):
    return sum(0 if unicodedata.combining(c) or unicodedata.category(c) in ("Mn", "Me", "Cf")
               else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def aligned(text):
    places = {width(line[:line.index(text)]) for line in sys.stdin.read().split("\n") if text in line}
    print("columns:", sorted(places))
    return len(places) == 1


if __name__ == "__main__":
    if sys.argv[1] == "write":
        write(sys.argv[2])
    else:
        sys.exit(not aligned(sys.argv[2]))
