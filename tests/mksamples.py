#!/usr/bin/env python3
"""Write the captures of samples/: made by hand from RFCs, no traffic of anybody.

Usage: tests/mksamples.py [DIRECTORY]. The files are the same every time.
"""
import ipaddress
import os
import struct
import sys

START_NS = 1767323045_000000000  # 2026-01-02T03:04:05Z
FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def ip(src, dst, proto, payload, ident=0, frag=0):
    """An IP datagram of either version (RFC 791, RFC 8200)."""
    s, d = ipaddress.ip_address(src), ipaddress.ip_address(dst)
    if s.version == 6:
        return struct.pack(">IHBB", 6 << 28, len(payload), proto, 64) + s.packed + d.packed + payload
    head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), ident, frag, 64, proto, 0, s.packed, d.packed)
    return head[:10] + struct.pack(">H", checksum(head)) + head[12:] + payload


def transport(src, dst, proto, segment, at):
    """The segment with its checksum (over the pseudo header) at byte `at`."""
    s, d = ipaddress.ip_address(src).packed, ipaddress.ip_address(dst).packed
    pseudo = s + d + struct.pack(">II" if len(s) == 16 else ">xBH", *((len(segment), proto) if len(s) == 16 else (proto, len(segment))))
    return segment[:at] + struct.pack(">H", checksum(pseudo + segment)) + segment[at + 2:]


def tcp(src, sport, dst, dport, flags, seq, ack=0, data=b"", window=502, options=b""):
    options += b"\1" * (-len(options) % 4)
    head = struct.pack(">HHIIBBHHH", sport, dport, seq, ack, (5 + len(options) // 4) << 4, flags, window, 0, 0)
    return ip(src, dst, 6, transport(src, dst, 6, head + options + data, 16))


def udp(src, sport, dst, dport, data):
    head = struct.pack(">HHHH", sport, dport, 8 + len(data), 0)
    return ip(src, dst, 17, transport(src, dst, 17, head + data, 6))


def ethernet(packet, vlan=None):
    kind = 0x86dd if packet[0] >> 4 == 6 else 0x0800
    tag = struct.pack(">HH", 0x8100, vlan) if vlan else b""
    frame = bytes.fromhex("020000000002 020000000001") + tag + struct.pack(">H", kind) + packet
    return frame.ljust(60, b"\0")


class Conversation:
    """A TCP conversation that keeps its own sequence numbers. Steps append (ns, frame, comment)."""

    def __init__(self, frames, client, server, start_ms=0.0, comments=(None, None)):
        self.frames, self.ends, self.now = frames, (client, server), START_NS + int(start_ms * 1e6)
        self.seq, self.window, self.comments = [1000, 9000], [64240, 65160], comments

    def send(self, who, flags, data=b"", after_ms=0.05, seq=None, window=None, options=b""):
        self.now += int(after_ms * 1e6)
        (src, sport), (dst, dport) = self.ends[who], self.ends[not who]
        at = self.seq[who] if seq is None else seq
        ack = self.seq[not who] if flags & ACK else 0
        frame = tcp(src, sport, dst, dport, flags, at, ack, data, self.window[who] if window is None else window, options)
        self.frames.append((self.now, ethernet(frame), self.comments[who]))
        if seq is None:
            self.seq[who] += len(data) + bool(flags & (SYN | FIN))

    def open(self, rtt_ms=0.2):
        mss = b"\2\4\5\xb4"
        self.send(0, SYN, options=mss)
        self.send(1, SYN | ACK, after_ms=rtt_ms, options=mss)
        self.send(0, ACK)

    def close(self):
        self.send(0, FIN | ACK)
        self.send(1, FIN | ACK)
        self.send(0, ACK)


def http(frames, client, server, start_ms=0.0, comments=(None, None), host="example.org"):
    c = Conversation(frames, client, server, start_ms, comments)
    c.open()
    c.send(0, PSH | ACK, f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    c.send(1, ACK, after_ms=0.2)
    c.send(1, PSH | ACK, b"HTTP/1.1 200 OK\r\nContent-Length: 700\r\n\r\n" + b"x" * 700, after_ms=12)
    c.send(0, ACK)
    c.close()


def dns_name(name):
    return b"".join(bytes([len(p)]) + p.encode() for p in name.split(".")) + b"\0"


def dns(frames, client, start_ms, name, answer):
    question = dns_name(name) + struct.pack(">HH", 1, 1)
    record = b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 300, 4) + ipaddress.ip_address(answer).packed
    now = START_NS + int(start_ms * 1e6)
    server = ("192.0.2.53", 53)
    ask = struct.pack(">HHHHHH", 7, 0x0100, 1, 0, 0, 0) + question
    reply = struct.pack(">HHHHHH", 7, 0x8180, 1, 1, 0, 0) + question + record
    frames.append((now, ethernet(udp(*client, *server, ask)), None))
    frames.append((now + 8_000_000, ethernet(udp(*server, *client, reply)), None))


def loss(frames):
    """One of each: a hole, duplicate acks, fast retransmission, a timeout's retransmission, a closed window."""
    c = Conversation(frames, ("192.0.2.10", 40002), ("198.51.100.2", 80))
    c.open(rtt_ms=20)
    block = b"d" * 1000
    c.send(0, ACK, block)
    lost = c.seq[0]
    c.seq[0] += 1000  # sent, never captured
    acked = lost
    for _ in range(3):
        c.send(0, ACK, block)
        keep, c.seq[0] = c.seq[0], acked
        c.send(1, ACK, after_ms=1)
        c.seq[0] = keep
    c.send(0, ACK, block, seq=lost, after_ms=1)
    c.send(1, ACK, after_ms=20)
    c.send(0, PSH | ACK, block)
    c.send(0, PSH | ACK, block, seq=c.seq[0] - 1000, after_ms=220)
    c.send(1, ACK, after_ms=20, window=0)
    c.send(1, ACK, after_ms=300)
    c.close()


def mixed(frames):
    """IPv6, a VLAN, an unanswered and a refused connect, an ICMP error, a fragmented datagram, ARP, a ping."""
    http(frames, ("2001:db8::10", 40003), ("2001:db8::80", 8080), host="v6.example")
    c = Conversation(frames, ("192.0.2.10", 40004), ("198.51.100.9", 81), 5)
    c.send(0, SYN)
    c.send(0, SYN, seq=1000, after_ms=1000)
    c = Conversation(frames, ("192.0.2.10", 40005), ("198.51.100.2", 82), 8)
    c.send(0, SYN)
    c.send(1, RST | ACK, after_ms=0.3)
    at = START_NS + 30_000_000
    probe = udp("192.0.2.10", 40006, "198.51.100.2", 9, b"anyone?")
    frames.append((at, ethernet(probe, vlan=10), None))
    error = struct.pack(">BBHI", 3, 3, 0, 0) + probe
    error = error[:2] + struct.pack(">H", checksum(error)) + error[4:]
    frames.append((at + 400_000, ethernet(ip("198.51.100.2", "192.0.2.10", 1, error), vlan=10), None))
    whole = udp("192.0.2.10", 40007, "198.51.100.2", 5000, b"f" * 2000)[20:]
    for offset in (0, 1480):
        more = 0x2000 if offset == 0 else 0
        part = ip("192.0.2.10", "198.51.100.2", 17, whole[offset:offset + 1480], 77, more | offset // 8)
        frames.append((at + 1_000_000 + offset, ethernet(part), None))
    arp = bytes.fromhex("ffffffffffff 020000000001 0806 0001 0800 06 04 0001 020000000001 c000020a 000000000000 c0000201")
    frames.append((at + 2_000_000, arp.ljust(60, b"\0"), None))
    for kind, ends in ((8, ("192.0.2.10", "198.51.100.2")), (0, ("198.51.100.2", "192.0.2.10"))):
        echo = struct.pack(">BBHHH", kind, 0, 0, 21, 1) + b"ping" * 14
        echo = echo[:2] + struct.pack(">H", checksum(echo)) + echo[4:]
        frames.append((at + 3_000_000 + (8 - kind) * 1000, ethernet(ip(*ends, 1, echo)), None))


def processes(frames):
    """Two web requests on loopback whose both ends are known, as a recording carries them."""
    for i, (pid, name) in enumerate(((4021, "curl"), (4077, "python3"))):
        client = f"pid={pid} tid={pid} uid=1000 comm={name}"
        http(frames, ("127.0.0.1", 40010 + i), ("127.0.0.1", 8000), i * 40, (client, "pid=3990 tid=3990 uid=1000 comm=httpd"), "localhost")


def pad4(data):
    return data + b"\0" * (-len(data) % 4)


def option(code, data):
    return struct.pack("<HH", code, len(data)) + pad4(data)


def block(kind, body):
    size = struct.pack("<I", 12 + len(body))
    return struct.pack("<I", kind) + size + body + size


def pcapng(frames):
    out = block(0x0a0d0d0a, struct.pack("<IHHq", 0x1a2b3c4d, 1, 0, -1))
    out += block(1, struct.pack("<HHI", 1, 0, 0) + option(2, b"eth0") + option(9, b"\x09") + option(0, b""))
    for at, frame, comment in frames:
        options = option(1, comment.encode()) + option(2, struct.pack("<I", 2)) + option(0, b"") if comment else b""
        head = struct.pack("<IIIII", 0, at >> 32, at & 0xffffffff, len(frame), len(frame))
        out += block(6, head + pad4(frame) + options)
    return out


def pcap(frames):
    out = struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1)
    for at, frame, _ in frames:
        out += struct.pack("<IIII", at // 10**9, at % 10**9 // 1000, len(frame), len(frame)) + frame
    return out


def sample(name, write, *makers):
    frames = []
    for make in makers:
        make(frames)
    frames.sort(key=lambda f: f[0])
    return name, write(frames)


def main():
    where = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(__file__), "..", "samples")
    client = "192.0.2.10"
    files = [
        sample("web.pcap", pcap, lambda f: dns(f, (client, 40000), 0, "example.org", "198.51.100.2"),
               lambda f: http(f, (client, 40001), ("198.51.100.2", 80), 10)),
        sample("loss.pcap", pcap, loss),
        sample("mixed.pcapng", pcapng, mixed),
        sample("processes.pcapng", pcapng, processes),
    ]
    files.append(("cut.pcap", files[0][1][:-30]))
    for name, data in files:
        with open(os.path.join(where, name), "wb") as f:
            f.write(data)


if __name__ == "__main__":
    main()
