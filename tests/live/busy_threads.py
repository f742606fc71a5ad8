# SPDX-License-Identifier: MIT
"""Threads that send and receive all the while on sockets of their own, some of a name that they change.

use: busy_threads.py        waits for a line, then works: half of the threads are there already, half begin then
Prints one line a call, thread by thread: tid, comm, descriptor, call, result (bytes or -errno)
"""
import ctypes
import random
import socket
import sys
import threading

THREADS, PAIRS, ROUNDS = 4, 3, 400
PR_SET_NAME = 15
libc = ctypes.CDLL(None)


def pairs(kind):
    if kind % 2:
        return [socket.socketpair() for _ in range(PAIRS)]
    with socket.create_server(("127.0.0.1", 0)) as listener:
        made = []
        for _ in range(PAIRS):
            c = socket.create_connection(listener.getsockname())
            made.append((c, listener.accept()[0]))
        return made


def work(number, sockets, log, go):
    go.wait()
    rand, tid = random.Random(number), threading.get_native_id()
    for turn in range(ROUNDS):
        if turn % 100 == 0:
            name = f"busy-{number}-{turn // 100}"
            libc.prctl(PR_SET_NAME, name.encode(), 0, 0, 0)
        a, b = rand.choice(sockets)
        size = rand.randrange(1, 3000)
        log.append((tid, name, a.fileno(), "sendto", a.send(b"x" * size)))
        while size:
            got = len(b.recv(rand.randrange(1, 3000)))
            size -= got
            log.append((tid, name, b.fileno(), "recvfrom", got))
        try:
            b.recv(1, socket.MSG_DONTWAIT)
        except BlockingIOError as e:
            log.append((tid, name, b.fileno(), "recvfrom", -e.errno))


def main():
    sockets = [pairs(n) for n in range(THREADS)]
    logs = [[] for _ in range(THREADS)]
    go = threading.Event()
    threads = [threading.Thread(target=work, args=(n, sockets[n], logs[n], go)) for n in range(THREADS)]
    for t in threads[:THREADS // 2]:
        t.start()
    sys.stdin.readline()
    go.set()
    for t in threads[THREADS // 2:]:
        t.start()
    for t in threads:
        t.join()
    for log in logs:
        for line in log:
            print(*line, sep="\t")


main()
