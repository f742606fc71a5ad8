"""Says that it is ready, waits for a line, then makes known calls, in a thread and a child as well."""
import array
import os
import select
import socket
import sys
import threading

os.write(1, b"ready\n")
sys.stdin.readline()
refused = socket.socket()
try:
    refused.connect(("127.0.0.1", 1))
except ConnectionRefusedError:
    pass
refused.close()

listener = socket.create_server(("127.0.0.1", 0))
a = socket.create_connection(listener.getsockname())
b, _ = listener.accept()
a.sendall(b"x" * 300)
b.recv(1000)
a.send(b"peek")
b.recv(10, socket.MSG_PEEK | socket.MSG_DONTWAIT)
b.recv(10)
try:
    b.recv(10, socket.MSG_DONTWAIT)
except BlockingIOError:
    pass
a.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\5\0\0\0")
a.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
a.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
a.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
a.getpeername()

ready = select.poll()
ready.register(b, select.POLLIN)
a.send(b"poll")
ready.poll(1000)
queue = select.epoll()
queue.register(b.fileno(), select.EPOLLIN)
queue.poll(1)
b.recv(10)
queue.poll(0.01)
select.select([b], [], [], 0.01)

u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
u.bind(("127.0.0.1", 0))
v = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
v.sendto(b"datagram", ("::ffff:127.0.0.1", u.getsockname()[1]))
u.recvfrom(100)

x, y = socket.socketpair()
x.sendmsg([b"one", b"two"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [a.fileno()]))])
y.recvmsg(10, 100)
nowhere = socket.socket(socket.AF_UNIX)
for name in ("/nowhere/at all", "\0nobody"):
    try:
        nowhere.connect(name)
    except OSError:
        pass
netlink = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
netlink.bind((0, 0))

def waiter():
    y.recv(10)

t = threading.Thread(target=waiter)
t.start()
x.send(b"thread")
t.join()
child = os.fork()
if child == 0:
    y.send(b"child")
    os._exit(0)
os.waitpid(child, 0)
x.recv(10)
d = a.dup()
os.write(d.fileno(), b"w" * 1000)
os.read(b.fileno(), 2000)
a.shutdown(socket.SHUT_WR)
os.write(1, b"done\n")
sys.stdin.readline()
