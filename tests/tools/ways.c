/* SPDX-License-Identifier: MIT
 *
 * Make every socket call on a socket of every family, and log what was done, for tests/live/coverage.sh.
 *
 *   ways
 *
 * Waits for a line, then prints, one tab-separated line a cell:
 *   cell FAMILY CALL FD RESULT      RESULT is -errno for a call that failed, and that is a result, too
 *   has FAMILY; or: lacks FAMILY REASON     this kernel has none, or not for us
 *   moved FAMILY SENT RECEIVED      bytes that all calls moved, by their results
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/vm_sockets.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

enum { SCTP = 132, MPTCP = 262, EXPERIMENTAL = 253, LOOPBACK = 1, WAIT_MS = 300 };

struct end {
	struct sockaddr_storage addr;
	socklen_t len;
};

enum shape { STREAM, DATAGRAM, UNCONNECTED, PAIR };

struct family {
	const char *name;
	int domain, type, protocol;
	enum shape shape;
	const char *address; /* of inet ones */
};

/* Two ends that can talk: what `a` sends reaches `b`. */
struct ends {
	const struct family *f;
	int a, b, listener;
	struct end to; /* b's address */
	size_t length; /* of the next message; different for each cell */
	unsigned long long sent, received;
};

static const struct family families[] = {
	{"TCP4", AF_INET, SOCK_STREAM, 0, STREAM, "127.0.0.1"},
	{"TCP6", AF_INET6, SOCK_STREAM, 0, STREAM, "::1"},
	{"v4-mapped", AF_INET6, SOCK_STREAM, 0, STREAM, "::ffff:127.0.0.1"},
	{"UDP connected", AF_INET, SOCK_DGRAM, 0, DATAGRAM, "127.0.0.1"},
	{"UDP unconnected", AF_INET6, SOCK_DGRAM, 0, UNCONNECTED, "::1"},
	{"multicast", AF_INET, SOCK_DGRAM, 0, UNCONNECTED, "239.77.0.1"},
	{"Unix stream", AF_UNIX, SOCK_STREAM, 0, PAIR, NULL},
	{"Unix dgram", AF_UNIX, SOCK_DGRAM, 0, PAIR, NULL},
	{"Unix seqpacket", AF_UNIX, SOCK_SEQPACKET, 0, PAIR, NULL},
	{"raw", AF_INET, SOCK_RAW, EXPERIMENTAL, DATAGRAM, "127.0.0.1"},
	{"ping", AF_INET, SOCK_DGRAM, IPPROTO_ICMP, DATAGRAM, "127.0.0.1"},
	{"packet", AF_PACKET, SOCK_DGRAM, 0, UNCONNECTED, NULL},
	{"netlink", AF_NETLINK, SOCK_RAW, NETLINK_USERSOCK, DATAGRAM, NULL},
	{"vsock", AF_VSOCK, SOCK_STREAM, 0, STREAM, NULL},
	{"SCTP", AF_INET, SOCK_STREAM, SCTP, STREAM, "127.0.0.1"},
	{"MPTCP", AF_INET, SOCK_STREAM, MPTCP, STREAM, "127.0.0.1"},
};

static char buffer[65536];

static long result_of(long ret)
{
	return ret < 0 ? -errno : ret;
}

static void cell(const struct ends *e, const char *call, int fd, long ret)
{
	printf("cell\t%s\t%s\t%d\t%ld\n", e->f->name, call, fd, ret);
}

/* --- addresses --------------------------------------------------------------------------------- */

static void any_end(struct end *out, const struct family *f)
{
	struct sockaddr_in *in = (void *)&out->addr;
	struct sockaddr_in6 *in6 = (void *)&out->addr;
	struct sockaddr_ll *ll = (void *)&out->addr;
	struct sockaddr_vm *vm = (void *)&out->addr;

	memset(out, 0, sizeof(*out));
	out->addr.ss_family = (sa_family_t)f->domain;
	switch (f->domain) {
	case AF_INET:
		inet_pton(AF_INET, f->address, &in->sin_addr);
		out->len = sizeof(*in);
		break;
	case AF_INET6:
		inet_pton(AF_INET6, f->address, &in6->sin6_addr);
		out->len = sizeof(*in6);
		break;
	case AF_PACKET:
		ll->sll_protocol = htons(ETH_P_802_EX1);
		ll->sll_ifindex = LOOPBACK;
		ll->sll_halen = ETH_ALEN;
		out->len = sizeof(*ll);
		break;
	case AF_NETLINK: out->len = sizeof(struct sockaddr_nl); break;
	case AF_VSOCK:
		vm->svm_cid = VMADDR_CID_LOCAL;
		vm->svm_port = VMADDR_PORT_ANY;
		out->len = sizeof(*vm);
		break;
	default: out->len = sizeof(sa_family_t); break;
	}
}

static int own_end(struct end *out, int fd)
{
	out->len = sizeof(out->addr);
	return getsockname(fd, (void *)&out->addr, &out->len);
}

static void join_group(int fd)
{
	struct ip_mreqn group = {.imr_ifindex = LOOPBACK};

	inet_pton(AF_INET, "239.77.0.1", &group.imr_multiaddr);
	setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof(group));
	setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &group, sizeof(group));
}

/* --- the calls that make the two ends -------------------------------------------------------------- */

static int make_socket(struct ends *e)
{
	int fd = (int)result_of(socket(e->f->domain, e->f->type, e->f->protocol));

	if (fd >= 0)
		cell(e, "socket", fd, fd);
	return fd;
}

static long bind_any(struct ends *e, int fd)
{
	struct end any;
	long ret;

	any_end(&any, e->f);
	ret = result_of(bind(fd, (void *)&any.addr, any.len));
	cell(e, "bind", fd, ret);
	return ret;
}

static long connect_to(struct ends *e, int fd, const struct end *to)
{
	long ret = result_of(connect(fd, (const void *)&to->addr, to->len));

	cell(e, "connect", fd, ret);
	return ret;
}

static long accept_one(struct ends *e, bool four)
{
	int fd = (int)result_of(four ? syscall(SYS_accept4, e->listener, NULL, NULL, SOCK_CLOEXEC)
				     : syscall(SYS_accept, e->listener, NULL, NULL));

	cell(e, four ? "accept4" : "accept", fd < 0 ? e->listener : fd, fd);
	return fd;
}

/* A client of `listener`, gone again once it has been accepted. */
static void visit(struct ends *e, bool four)
{
	struct end to;
	int client = make_socket(e), made;

	own_end(&to, e->listener);
	connect_to(e, client, &to);
	made = (int)accept_one(e, four);
	if (made >= 0)
		close(made);
	close(client);
}

static long make_streams(struct ends *e)
{
	struct end to;
	long ret;

	e->listener = make_socket(e);
	if (e->listener < 0)
		return e->listener;
	ret = bind_any(e, e->listener);
	if (ret < 0 || own_end(&to, e->listener))
		return ret;
	ret = result_of(listen(e->listener, 5));
	cell(e, "listen", e->listener, ret);
	visit(e, false);
	e->a = make_socket(e);
	ret = ret < 0 ? ret : connect_to(e, e->a, &to);
	if (ret < 0)
		return ret;
	e->b = (int)accept_one(e, true);
	return e->b < 0 ? e->b : own_end(&e->to, e->b);
}

static long make_datagrams(struct ends *e)
{
	struct end own;
	long ret = 0;

	e->a = make_socket(e);
	e->b = make_socket(e);
	if (e->a < 0 || e->b < 0)
		return e->a < 0 ? e->a : e->b;
	ret = bind_any(e, e->a) < 0 ? -errno : bind_any(e, e->b);
	if (ret < 0 || own_end(&e->to, e->b) || own_end(&own, e->a))
		return ret;
	cell(e, "listen", e->a, result_of(listen(e->a, 5)));
	e->listener = e->a;
	accept_one(e, false);
	accept_one(e, true);
	if (!strcmp(e->f->name, "multicast"))
		join_group(e->a), join_group(e->b);
	if (e->f->domain == AF_PACKET)
		e->to.len = sizeof(struct sockaddr_ll); /* getsockname() tells a shorter one */
	if (e->f->shape == UNCONNECTED)
		return 0;
	connect_to(e, e->b, &own);
	if (!strcmp(e->f->name, "ping")) { /* the answer comes to the one that asked */
		close(e->b);
		e->b = dup(e->a);
	}
	return connect_to(e, e->a, &e->to);
}

static long make_pair(struct ends *e)
{
	int fds[2];
	long ret = result_of(socketpair(e->f->domain, e->f->type, e->f->protocol, fds));

	if (ret < 0)
		return ret;
	e->a = fds[0];
	e->b = fds[1];
	cell(e, "socketpair", fds[0], ret);
	e->listener = make_socket(e);
	bind_any(e, e->listener);
	cell(e, "listen", e->listener, result_of(listen(e->listener, 5)));
	visit(e, false);
	visit(e, true);
	return own_end(&e->to, e->b);
}

/* --- sending ------------------------------------------------------------------------------------- */

static void *name_of(struct ends *e)
{
	return e->f->shape == UNCONNECTED ? &e->to.addr : NULL;
}

static socklen_t name_len(struct ends *e)
{
	return e->f->shape == UNCONNECTED ? e->to.len : 0;
}

static struct msghdr message(struct ends *e, struct iovec *iov, bool named)
{
	*iov = (struct iovec){buffer, e->length};
	return (struct msghdr){
		.msg_name = named ? name_of(e) : NULL,
		.msg_namelen = named ? name_len(e) : 0,
		.msg_iov = iov,
		.msg_iovlen = 1,
	};
}

static long way_sendto(struct ends *e)
{
	return sendto(e->a, buffer, e->length, 0, name_of(e), name_len(e));
}

static long way_sendmsg(struct ends *e)
{
	struct iovec iov;
	struct msghdr m = message(e, &iov, true);

	return sendmsg(e->a, &m, 0);
}

static long way_sendmmsg(struct ends *e)
{
	struct iovec iov;
	struct mmsghdr m = {.msg_hdr = message(e, &iov, true)};

	return sendmmsg(e->a, &m, 1, 0);
}

static long way_write(struct ends *e)
{
	return write(e->a, buffer, e->length);
}

static long way_writev(struct ends *e)
{
	struct iovec iov = {buffer, e->length};

	return writev(e->a, &iov, 1);
}

static long way_pwrite(struct ends *e)
{
	return pwrite(e->a, buffer, e->length, 0);
}

static long way_sendfile(struct ends *e)
{
	int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	long ret = sendfile(e->a, file, NULL, e->length);

	close(file);
	return ret;
}

static long way_splice(struct ends *e)
{
	int fds[2];
	long ret;

	if (pipe2(fds, O_CLOEXEC) || write(fds[1], buffer, e->length) < 0)
		return -1;
	ret = splice(fds[0], NULL, e->a, NULL, e->length, 0);
	close(fds[0]);
	close(fds[1]);
	return ret;
}

/* AIO returns the number of requests; the bytes come later, and are told as an async_send. */
static long way_io_submit(struct ends *e)
{
	struct iocb request = {
		.aio_fildes = (uint32_t)e->a,
		.aio_lio_opcode = IOCB_CMD_PWRITE,
		.aio_buf = (uintptr_t)buffer,
		.aio_nbytes = e->length,
	};
	struct iocb *requests[] = {&request};
	aio_context_t context = 0;
	struct io_event done;
	long ret = -1;

	if (syscall(SYS_io_setup, 1, &context))
		return -1;
	if (syscall(SYS_io_submit, context, 1, requests) == 1 &&
	    syscall(SYS_io_getevents, context, 1, 1, &done, NULL) == 1)
		ret = done.res;
	syscall(SYS_io_destroy, context);
	if (ret < 0)
		errno = (int)-ret;
	return ret;
}

/* --- receiving ------------------------------------------------------------------------------------ */

static long way_recvfrom(struct ends *e)
{
	return recv(e->b, buffer, sizeof(buffer), MSG_DONTWAIT);
}

static long way_recvmsg(struct ends *e)
{
	struct iovec iov;
	struct msghdr m = message(e, &iov, false);

	iov.iov_len = sizeof(buffer);
	return recvmsg(e->b, &m, MSG_DONTWAIT);
}

static long way_recvmmsg(struct ends *e)
{
	struct iovec iov;
	struct mmsghdr m = {.msg_hdr = message(e, &iov, false)};
	long ret;

	iov.iov_len = sizeof(buffer);
	ret = recvmmsg(e->b, &m, 1, MSG_DONTWAIT, NULL);
	e->received += ret > 0 ? m.msg_len : 0;
	return ret;
}

static long way_read(struct ends *e)
{
	return read(e->b, buffer, sizeof(buffer));
}

static long way_readv(struct ends *e)
{
	struct iovec iov = {buffer, sizeof(buffer)};

	return readv(e->b, &iov, 1);
}

static long way_pread(struct ends *e)
{
	return pread(e->b, buffer, sizeof(buffer), 0);
}

static long way_splice_out(struct ends *e)
{
	int fds[2];
	long ret;

	if (pipe2(fds, O_CLOEXEC))
		return -1;
	ret = splice(e->b, NULL, fds[1], NULL, sizeof(buffer), SPLICE_F_NONBLOCK);
	close(fds[0]);
	close(fds[1]);
	return ret;
}

/* --- the rest -------------------------------------------------------------------------------------- */

static long way_getsockname(struct ends *e)
{
	struct end end;

	return own_end(&end, e->b);
}

static long way_getpeername(struct ends *e)
{
	struct end end = {.len = sizeof(end.addr)};

	return getpeername(e->b, (void *)&end.addr, &end.len);
}

static long way_setsockopt(struct ends *e)
{
	int bytes = 100000;

	return setsockopt(e->b, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
}

static long way_getsockopt(struct ends *e)
{
	int error;
	socklen_t len = sizeof(error);

	return getsockopt(e->b, SOL_SOCKET, SO_ERROR, &error, &len);
}

static long closed(long fd)
{
	if (fd >= 0)
		close((int)fd);
	return fd;
}

static long way_dup(struct ends *e)
{
	return closed(dup(e->b));
}

static long way_dup2(struct ends *e)
{
	return closed(syscall(SYS_dup2, e->b, 200));
}

static long way_dup3(struct ends *e)
{
	return closed(dup3(e->b, 201, O_CLOEXEC));
}

static long way_fcntl(struct ends *e)
{
	return closed(fcntl(e->b, F_DUPFD_CLOEXEC, 100));
}

static long way_ioctl(struct ends *e)
{
	int on = 0;

	return ioctl(e->b, FIONBIO, &on);
}

static long way_poll(struct ends *e)
{
	struct pollfd p = {.fd = e->b, .events = POLLIN};

	return syscall(SYS_poll, &p, 1, WAIT_MS);
}

static long way_ppoll(struct ends *e)
{
	struct pollfd p = {.fd = e->b, .events = POLLIN};
	struct timespec wait = {.tv_sec = 1};

	return ppoll(&p, 1, &wait, NULL);
}

static long way_select(struct ends *e)
{
	struct timeval wait = {.tv_sec = 1};
	fd_set set;

	FD_ZERO(&set);
	FD_SET(e->b, &set);
	return syscall(SYS_select, e->b + 1, &set, NULL, NULL, &wait);
}

static long epolled(struct ends *e, bool wait)
{
	struct epoll_event ev = {.events = EPOLLIN, .data.u64 = 0x5eed};
	int set = epoll_create1(EPOLL_CLOEXEC);
	long ret = epoll_ctl(set, EPOLL_CTL_ADD, e->b, &ev);

	if (wait)
		ret = syscall(SYS_epoll_wait, set, &ev, 1, WAIT_MS);
	close(set);
	return ret;
}

static long way_epoll_ctl(struct ends *e)
{
	return epolled(e, false);
}

static long way_epoll_wait(struct ends *e)
{
	return epolled(e, true);
}

static long way_pidfd_getfd(struct ends *e)
{
	int self = (int)syscall(SYS_pidfd_open, getpid(), 0);
	long ret = syscall(SYS_pidfd_getfd, self, e->b, 0);

	close(self);
	return closed(ret);
}

static long way_shutdown(struct ends *e)
{
	return shutdown(e->b, SHUT_WR);
}

static long way_close(struct ends *e)
{
	return close(e->b);
}

/* --- the rows -------------------------------------------------------------------------------------- */

enum moves { NOTHING, SENDS, RECEIVES, WAITS };
enum tells { ITS_FD, ITS_RESULT, NO_FD };

static const struct way {
	const char *call;
	long (*make)(struct ends *e);
	enum moves moves;
	enum tells tells;
} ways[] = {
	{"sendto", way_sendto, SENDS, ITS_FD},
	{"sendmsg", way_sendmsg, SENDS, ITS_FD},
	{"sendmmsg", way_sendmmsg, SENDS, ITS_FD},
	{"write", way_write, SENDS, ITS_FD},
	{"writev", way_writev, SENDS, ITS_FD},
	{"pwrite64", way_pwrite, SENDS, ITS_FD},
	{"sendfile", way_sendfile, SENDS, ITS_FD},
	{"splice", way_splice, SENDS, ITS_FD},
	{"async_send", way_io_submit, SENDS, NO_FD},
	{"recvfrom", way_recvfrom, RECEIVES, ITS_FD},
	{"recvmsg", way_recvmsg, RECEIVES, ITS_FD},
	{"recvmmsg", way_recvmmsg, RECEIVES, ITS_FD},
	{"read", way_read, RECEIVES, ITS_FD},
	{"readv", way_readv, RECEIVES, ITS_FD},
	{"pread64", way_pread, RECEIVES, ITS_FD},
	{"splice out", way_splice_out, RECEIVES, ITS_FD},
	{"getsockname", way_getsockname, NOTHING, ITS_FD},
	{"getpeername", way_getpeername, NOTHING, ITS_FD},
	{"setsockopt", way_setsockopt, NOTHING, ITS_FD},
	{"getsockopt", way_getsockopt, NOTHING, ITS_FD},
	{"dup", way_dup, NOTHING, ITS_FD},
	{"dup2", way_dup2, NOTHING, ITS_FD},
	{"dup3", way_dup3, NOTHING, ITS_FD},
	{"fcntl", way_fcntl, NOTHING, ITS_FD},
	{"ioctl", way_ioctl, NOTHING, ITS_FD},
	{"poll", way_poll, WAITS, ITS_FD},
	{"ppoll", way_ppoll, WAITS, ITS_FD},
	{"select", way_select, WAITS, ITS_FD},
	{"epoll_ctl", way_epoll_ctl, NOTHING, ITS_FD},
	{"epoll_wait", way_epoll_wait, WAITS, ITS_FD},
	{"pidfd_getfd", way_pidfd_getfd, NOTHING, ITS_RESULT},
	{"shutdown", way_shutdown, NOTHING, ITS_FD},
	{"close", way_close, NOTHING, ITS_FD},
};

/* Whatever the last cells left behind, at both ends: some hear themselves. */
static void drain(struct ends *e)
{
	int fds[] = {e->a, e->b};
	long n;

	for (unsigned i = 0; i < 2; i++)
		while ((n = recv(fds[i], buffer, sizeof(buffer), MSG_DONTWAIT)) > 0)
			e->received += (unsigned long long)n;
	buffer[0] = 8; /* an ICMP echo request, for ping */
	buffer[1] = 0;
}

static void count(struct ends *e, const struct way *w, long ret)
{
	bool many = strstr(w->call, "mmsg");

	if (ret > 0 && w->moves == SENDS)
		e->sent += many ? e->length : (unsigned long long)ret;
	if (ret > 0 && w->moves == RECEIVES && !many)
		e->received += (unsigned long long)ret;
}

static void wait_readable(struct ends *e)
{
	struct pollfd p = {.fd = e->b, .events = POLLIN};

	poll(&p, 1, WAIT_MS);
}

static void make_way(struct ends *e, const struct way *w)
{
	long ret;

	e->length++;
	if (w->moves == RECEIVES || w->moves == WAITS) {
		ret = way_sendto(e);
		e->sent += ret > 0 ? (unsigned long long)ret : 0;
		wait_readable(e);
	}
	ret = result_of(w->make(e));
	count(e, w, ret);
	cell(e, w->call,
	     w->tells == NO_FD ? -1 : w->tells == ITS_RESULT ? (int)ret : w->moves == SENDS ? e->a : e->b,
	     ret);
	if (w->make != way_close && w->make != way_shutdown)
		drain(e);
}

/* A call that has nothing to wait for must not wait forever. */
static void bound_waiting(int fd)
{
	struct timeval most = {.tv_usec = WAIT_MS * 1000};

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof(most));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &most, sizeof(most));
}

static void try_family(const struct family *f, size_t length)
{
	struct ends e = {.f = f, .a = -1, .b = -1, .listener = -1, .length = length};
	long ret = f->shape == STREAM ? make_streams(&e) : f->shape == PAIR ? make_pair(&e) :
		   make_datagrams(&e);

	if (ret < 0) {
		printf("lacks\t%s\t%s\n", f->name, strerrorname_np((int)-ret));
		return;
	}
	printf("has\t%s\n", f->name);
	bound_waiting(e.a);
	bound_waiting(e.b);
	drain(&e);
	for (unsigned i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		make_way(&e, &ways[i]);
	printf("moved\t%s\t%llu\t%llu\n", f->name, e.sent, e.received);
	close(e.a);
	close(e.listener);
}

int main(void)
{
	setvbuf(stdout, NULL, _IOFBF, 1 << 20);
	if (!fgets(buffer, sizeof(buffer), stdin))
		return 1;
	for (unsigned i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		try_family(&families[i], 100 + i * 100);
	fflush(stdout);
	return 0;
}
