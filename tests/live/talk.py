# SPDX-License-Identifier: MIT
"""A long conversation: talk.py serve|talk ADDRESS PORT. Ends when it is killed."""
import socket
import sys
import time

role, where = sys.argv[1], (sys.argv[2], int(sys.argv[3]))
if role == "serve":
    with socket.create_server(where) as listener:
        s, _ = listener.accept()
        while data := s.recv(100):
            s.sendall(data)
else:
    time.sleep(0.3)
    with socket.create_connection(where) as s:
        while True:
            s.sendall(b"still here")
            s.recv(100)
            time.sleep(0.2)
