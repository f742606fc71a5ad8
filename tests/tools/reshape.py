#!/usr/bin/env python3
"""Write a capture again in another shape that says the same. Usage: reshape.py IN OUT [STEP[=VALUE]...]

Containers   pcap pcap-swapped pcap-ns pcapng pcapng-swapped gzip      (pcap is the default)
Frames       snap=BYTES vlan=ID vxlan=VNI gre ipip fragment=MTU drop=PER-MILLE swap=PER-MILLE
Frames that a step does not apply to (no Ethernet, no IP) pass as they are. drop and swap are random, but the same
every time. tests/golden/metamorphic.py uses the functions.
"""
import gzip
import random
import struct
import sys
from collections import namedtuple

# data may be cut; wire is the length it had. link is the pcap link type.
Frame = namedtuple("Frame", "ns link data wire")

ETHERNET = 1
IPV4, IPV6 = 0x0800, 0x86DD
TAGS = (0x8100, 0x88A8)
SECTION, INTERFACE, SIMPLE, ENHANCED = 0x0A0D0D0A, 1, 3, 6
MAC = bytes.fromhex("020000000002 020000000001")


# --- reading -------------------------------------------------------------------------------------

def read_pcap(data):
    magic = data[:4]
    order = "<" if magic in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    tick = 1 if struct.unpack(order + "I", magic)[0] == 0xA1B23C4D else 1000
    link = struct.unpack_from(order + "I", data, 20)[0] & 0xFFFF
    at = 24
    while at + 16 <= len(data):
        sec, part, size, wire = struct.unpack_from(order + "IIII", data, at)
        if at + 16 + size > len(data):
            break
        yield Frame(sec * 10**9 + part * tick, link, data[at + 16:at + 16 + size], wire)
        at += 16 + size


def ticks_per_second(order, options):
    """The if_tsresol option (9), or microseconds."""
    at = 0
    while at + 4 <= len(options):
        code, size = struct.unpack_from(order + "HH", options, at)
        if code == 9:
            value = options[at + 4]
            return 2 ** (value & 127) if value & 128 else 10 ** value
        if code == 0:
            break
        at += 4 + size + -size % 4
    return 10**6


def read_pcapng(data):
    at, order, links = 0, "<", []
    while at + 12 <= len(data):
        if data[at:at + 4] == b"\x0a\x0d\x0d\x0a":
            order, links = "<" if data[at + 8:at + 12] == b"\x4d\x3c\x2b\x1a" else ">", []
        kind, size = struct.unpack_from(order + "II", data, at)
        body = data[at + 8:at + size - 4]
        if kind == INTERFACE:
            links.append((struct.unpack_from(order + "H", body)[0], ticks_per_second(order, body[8:])))
        elif kind == ENHANCED:
            i, high, low, kept, wire = struct.unpack_from(order + "IIIII", body)
            link, ticks = links[i]
            yield Frame((high << 32 | low) * 10**9 // ticks, link, body[20:20 + kept], wire)
        at += size


def read(path):
    with open(path, "rb") as f:
        data = f.read()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    return list(read_pcapng(data) if data[:4] == b"\x0a\x0d\x0d\x0a" else read_pcap(data))


# --- writing -------------------------------------------------------------------------------------

def pcap(frames, order="<", ns=False):
    tick = 1 if ns else 1000
    out = [struct.pack(order + "IHHiIII", 0xA1B23C4D if ns else 0xA1B2C3D4, 2, 4, 0, 0, 262144, frames[0].link)]
    for f in frames:
        out += [struct.pack(order + "IIII", f.ns // 10**9, f.ns % 10**9 // tick, len(f.data), f.wire), f.data]
    return b"".join(out)


def pcapng(frames, order="<"):
    def block(kind, body):
        body += bytes(-len(body) % 4)
        size = struct.pack(order + "I", 12 + len(body))
        return struct.pack(order + "I", kind) + size + body + size

    links = sorted({f.link for f in frames})
    out = [block(SECTION, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1))]
    out += [block(INTERFACE, struct.pack(order + "HHI", link, 0, 0) + struct.pack(order + "HHB3xHH", 9, 1, 9, 0, 0))
            for link in links]
    for f in frames:
        head = struct.pack(order + "IIIII", links.index(f.link), f.ns >> 32, f.ns & 0xFFFFFFFF, len(f.data), f.wire)
        out.append(block(ENHANCED, head + f.data))
    return b"".join(out)


# --- frames --------------------------------------------------------------------------------------

def checksum(data):
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def with_checksum(header):
    header = header[:10] + b"\0\0" + header[12:]
    return header[:10] + struct.pack(">H", checksum(header)) + header[12:]


def split(frame):
    """(link header, EtherType, bytes behind it), or None for what is no Ethernet or has no such type."""
    if frame.link != ETHERNET or len(frame.data) < 14:
        return None
    at = 12
    while struct.unpack_from(">H", frame.data, at)[0] in TAGS and at + 6 <= len(frame.data):
        at += 4
    kind = struct.unpack_from(">H", frame.data, at)[0]
    return (frame.data[:at + 2], kind, frame.data[at + 2:]) if kind >= 0x600 else None


def longer(frame, data):
    """The frame with other bytes; what was cut off stays cut off."""
    return frame._replace(data=data, wire=frame.wire + len(data) - len(frame.data))


def outer(proto, size):
    """An Ethernet and an IPv4 header for `size` bytes of payload."""
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + size, 0, 0, 64, proto, 0, b"\xc0\0\2\x01", b"\xc0\0\2\x02")
    return MAC + struct.pack(">H", IPV4) + with_checksum(ip)


def snap(frame, size):
    return [frame._replace(data=frame.data[:size])]


def vlan(frame, number):
    if not split(frame):
        return [frame]
    return [longer(frame, frame.data[:12] + struct.pack(">HH", 0x8100, number) + frame.data[12:])]


def vxlan(frame, number):
    """RFC 7348: the whole Ethernet frame behind UDP port 4789."""
    if frame.link != ETHERNET:
        return [frame]
    inner = struct.pack(">B3xI", 8, number << 8)
    udp = struct.pack(">HHHH", 50000, 4789, 16 + frame.wire, 0)
    return [longer(frame, outer(17, 16 + frame.wire) + udp + inner + frame.data)]


def ip_size(data, kind):
    """Length on the wire of the IP packet, so that Ethernet padding stays outside a tunnel; None if there is none."""
    if kind == IPV4 and len(data) >= 20:
        return struct.unpack_from(">H", data, 2)[0] or None
    if kind == IPV6 and len(data) >= 40:
        return 40 + struct.unpack_from(">H", data, 4)[0]
    return None


def tunnelled(frame, proto, header):
    parts = split(frame)
    size = ip_size(parts[2], parts[1]) if parts else None
    if not size or size > frame.wire - len(parts[0]):
        return [frame]
    more = header(parts[1])
    data = outer(proto(parts[1]), len(more) + size) + more + parts[2][:size]
    return [frame._replace(data=data, wire=34 + len(more) + size)]


def gre(frame, _=None):
    return tunnelled(frame, lambda kind: 47, lambda kind: struct.pack(">HH", 0, kind))


def ipip(frame, _=None):
    return tunnelled(frame, lambda kind: 4 if kind == IPV4 else 41, lambda kind: b"")


def fragment(frame, mtu):
    """IPv4 packets longer than the MTU in pieces (RFC 791)."""
    parts = split(frame)
    if not parts or parts[1] != IPV4 or len(parts[2]) < 20:
        return [frame]
    link, _, data = parts
    head, size = (data[0] & 15) * 4, ip_size(data, IPV4)
    if not size or size <= mtu or size > len(data) or struct.unpack_from(">H", data, 6)[0] & 0x3FFF:
        return [frame]
    out, step = [], (mtu - head) // 8 * 8
    for at in range(0, size - head, step):
        piece = data[head + at:min(head + at + step, size)]
        more = 0x2000 if head + at + len(piece) < size else 0
        ip = data[:2] + struct.pack(">HHH", head + len(piece), out_id(data), more | at // 8) + data[8:head]
        cut = link + with_checksum(ip) + piece
        out.append(frame._replace(data=cut, wire=len(cut)))
    return out


def out_id(data):
    """The packet's identification, or a number made of its sequence number where senders put 0 (RFC 6864)."""
    return struct.unpack_from(">H", data, 4)[0] or checksum(data[20:40]) or 1


FRAME_STEPS = {"snap": snap, "vlan": vlan, "vxlan": vxlan, "gre": gre, "ipip": ipip, "fragment": fragment}


def drop(frames, per_mille):
    dice = random.Random(1)
    return [f for f in frames if dice.randrange(1000) >= per_mille] or frames[:1]


def swap(frames, per_mille):
    """Neighbours change places, but the times stay in order."""
    dice, out = random.Random(2), list(frames)
    for i in range(len(out) - 1):
        if dice.randrange(1000) < per_mille:
            a, b = out[i], out[i + 1]
            out[i], out[i + 1] = b._replace(ns=a.ns), a._replace(ns=b.ns)
    return out


LIST_STEPS = {"drop": drop, "swap": swap}

CONTAINERS = {
    "pcap": pcap,
    "pcap-swapped": lambda frames: pcap(frames, ">"),
    "pcap-ns": lambda frames: pcap(frames, ns=True),
    "pcap-ns-swapped": lambda frames: pcap(frames, ">", ns=True),
    "pcapng": pcapng,
    "pcapng-swapped": lambda frames: pcapng(frames, ">"),
}


def apply(frames, name, value=None):
    if name in LIST_STEPS:
        return LIST_STEPS[name](frames, value)
    return [g for f in frames for g in FRAME_STEPS[name](f, value)]


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    frames, write, pack = read(sys.argv[1]), pcap, bytes
    for step in sys.argv[3:]:
        name, _, value = step.partition("=")
        if name == "gzip":
            pack = gzip.compress
        elif name in CONTAINERS:
            write = CONTAINERS[name]
        else:
            frames = apply(frames, name, int(value) if value else None)
    with open(sys.argv[2], "wb") as f:
        f.write(pack(write(frames)))


if __name__ == "__main__":
    main()
