/* SPDX-License-Identifier: MIT
 *
 * Every way into a socket that the calls level names: one row each. The kernel programs, the loader and
 * the names of reports are made from these rows; what the arguments mean is in report/call_args.c.
 *
 * about: what the call's descriptor (argument `fd`) is
 *   SOCKET  a socket, or the call fails: always told
 *   FILE    anything: told only when it is a socket
 *   MADE    the result is a new descriptor of it
 *   WAITED  among others: told for the socket that ended the waiting, or the first one
 *   NONE    none: told for its process
 *   INSIDE  no call: what an asynchronous one (io_uring, AIO) did later
 */
#ifndef SOCKLENS_BPF_CALL_ROWS_H
#define SOCKLENS_BPF_CALL_ROWS_H

/*        id               name               about   fd */
#define CALL_ROWS(X)                                                                               \
	X(NONE, none, NONE, 0)                                                                     \
	X(SOCKET, socket, MADE, 0)                                                                 \
	X(BIND, bind, SOCKET, 0)                                                                   \
	X(LISTEN, listen, SOCKET, 0)                                                               \
	X(CONNECT, connect, SOCKET, 0)                                                             \
	X(ACCEPT, accept, MADE, 0)                                                                 \
	X(ACCEPT4, accept4, MADE, 0)                                                               \
	X(SENDTO, sendto, SOCKET, 0)                                                               \
	X(SENDMSG, sendmsg, SOCKET, 0)                                                             \
	X(SENDMMSG, sendmmsg, SOCKET, 0)                                                           \
	X(RECVFROM, recvfrom, SOCKET, 0)                                                           \
	X(RECVMSG, recvmsg, SOCKET, 0)                                                             \
	X(RECVMMSG, recvmmsg, SOCKET, 0)                                                           \
	X(READ, read, FILE, 0)                                                                     \
	X(READV, readv, FILE, 0)                                                                   \
	X(WRITE, write, FILE, 0)                                                                   \
	X(WRITEV, writev, FILE, 0)                                                                 \
	X(SHUTDOWN, shutdown, SOCKET, 0)                                                           \
	X(SETSOCKOPT, setsockopt, SOCKET, 0)                                                       \
	X(CLOSE, close, FILE, 0)                                                                   \
	X(SOCKETPAIR, socketpair, MADE, 0)                                                         \
	X(GETSOCKOPT, getsockopt, SOCKET, 0)                                                       \
	X(GETSOCKNAME, getsockname, SOCKET, 0)                                                     \
	X(GETPEERNAME, getpeername, SOCKET, 0)                                                     \
	X(PREAD64, pread64, FILE, 0)                                                               \
	X(PREADV, preadv, FILE, 0)                                                                 \
	X(PREADV2, preadv2, FILE, 0)                                                               \
	X(PWRITE64, pwrite64, FILE, 0)                                                             \
	X(PWRITEV, pwritev, FILE, 0)                                                               \
	X(PWRITEV2, pwritev2, FILE, 0)                                                             \
	X(SENDFILE, sendfile, FILE, 0)                                                             \
	X(SPLICE, splice, FILE, 0)                                                                 \
	X(DUP, dup, FILE, 0)                                                                       \
	X(DUP2, dup2, FILE, 0)                                                                     \
	X(DUP3, dup3, FILE, 0)                                                                     \
	X(FCNTL, fcntl, FILE, 0)                                                                   \
	X(IOCTL, ioctl, FILE, 0)                                                                   \
	X(POLL, poll, WAITED, 0)                                                                   \
	X(PPOLL, ppoll, WAITED, 0)                                                                 \
	X(SELECT, select, WAITED, 0)                                                               \
	X(PSELECT6, pselect6, WAITED, 0)                                                           \
	X(EPOLL_CTL, epoll_ctl, FILE, 2)                                                           \
	X(EPOLL_WAIT, epoll_wait, WAITED, 0)                                                       \
	X(EPOLL_PWAIT, epoll_pwait, WAITED, 0)                                                     \
	X(EPOLL_PWAIT2, epoll_pwait2, WAITED, 0)                                                   \
	X(PIDFD_GETFD, pidfd_getfd, MADE, 0)                                                       \
	X(IO_URING_ENTER, io_uring_enter, NONE, 0)                                                 \
	X(IO_SUBMIT, io_submit, NONE, 0)                                                           \
	X(ASYNC_SEND, async_send, INSIDE, 0)                                                       \
	X(ASYNC_RECV, async_recv, INSIDE, 0)

#endif
