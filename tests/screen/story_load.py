#!/usr/bin/env python3
"""Traffic for tests/screen/story.sh: what a machine does when somebody asks why it is slow.

story_load.py peer: answers on 9000 (takes what comes) and 9001 (thinks for half a second before each answer).
story_load.py ROLE ADDRESS: `uploader` sends 1 MB a second, `slowpoke` asks 9001 again and again, `knocker` connects to
a port where nobody listens, `brief` sends a little and ends. Each is known by its role as a process.
"""
import socket
import sys
import threading
import time


def serve(port, answer):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("0.0.0.0", port))
    s.listen(16)
    while True:
        c, _ = s.accept()
        threading.Thread(target=answer, args=(c,), daemon=True).start()


def swallow(c):
    while c.recv(1 << 16):
        pass
    c.close()


def think(c):
    while c.recv(1 << 16):
        time.sleep(0.5)
        c.sendall(b"answer")
    c.close()


def peer():
    threading.Thread(target=serve, args=(9001, think), daemon=True).start()
    serve(9000, swallow)


def uploader(address):
    with socket.create_connection((address, 9000)) as s:
        while True:
            s.sendall(b"u" * 100_000)
            time.sleep(0.1)


def slowpoke(address):
    with socket.create_connection((address, 9001)) as s:
        while True:
            s.sendall(b"question")
            s.recv(100)


def knocker(address):
    while True:
        s = socket.socket()
        s.connect_ex((address, 9999))
        s.close()
        time.sleep(1)


def brief(address):
    with socket.create_connection((address, 9000)) as s:
        s.sendall(b"b" * 4321)
        time.sleep(2)  # longer than the past is apart


role = sys.argv[1]
with open("/proc/self/comm", "w") as f:
    f.write(role)
globals()[role](*sys.argv[2:])
