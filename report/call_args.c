/* SPDX-License-Identifier: MIT */
#include "report/call_args.h"

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/vm_sockets.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/addr.h"
#include "base/vis.h"
#include "report/call_names.h"

typedef void (*put_fn)(struct buf *b, const struct call_row *row, int64_t v);

/* --- numbers and names -------------------------------------------------------------------------- */

static void put_int(struct buf *b, const struct call_row *row, int64_t v)
{
	(void)row;
	buf_put_i64(b, (int32_t)v);
}

static void put_size(struct buf *b, const struct call_row *row, int64_t v)
{
	(void)row;
	buf_put_u64(b, (uint64_t)v);
}

static void put_pointer(struct buf *b, const struct call_row *row, int64_t v)
{
	(void)row;
	buf_puts(b, v ? "..." : "NULL");
}

static void put_domain(struct buf *b, const struct call_row *row, int64_t v)
{
	(void)row;
	put_name(b, NAMES_DOMAIN, (uint32_t)v);
}

static void put_type(struct buf *b, const struct call_row *row, int64_t v)
{
	uint32_t flags = (uint32_t)v & (SOCK_CLOEXEC | SOCK_NONBLOCK);

	(void)row;
	put_name(b, NAMES_TYPE, (uint32_t)v & ~flags);
	if (!flags)
		return;
	buf_putc(b, '|');
	put_flags(b, NAMES_TYPE_FLAGS, flags);
}

static void put_type_flags(struct buf *b, const struct call_row *row, int64_t v)
{
	(void)row;
	put_flags(b, NAMES_TYPE_FLAGS, (uint32_t)v);
}

/* What a protocol number means the domain decides. */
static void put_protocol(struct buf *b, const struct call_row *row, int64_t v)
{
	int64_t domain = row->event->ev.call.args[0];

	if (domain == AF_INET || domain == AF_INET6)
		put_name(b, NAMES_PROTOCOL, (uint32_t)v);
	else if (domain == AF_NETLINK)
		put_name(b, NAMES_NETLINK, (uint32_t)v);
	else
		buf_put_i64(b, (int32_t)v);
}

#define PUT_NAME(fn, set)                                                                          \
	static void fn(struct buf *b, const struct call_row *row, int64_t v)                       \
	{                                                                                          \
		(void)row;                                                                         \
		put_name(b, set, (uint32_t)v);                                                     \
	}
#define PUT_FLAGS(fn, set)                                                                         \
	static void fn(struct buf *b, const struct call_row *row, int64_t v)                       \
	{                                                                                          \
		(void)row;                                                                         \
		put_flags(b, set, (uint32_t)v);                                                    \
	}

PUT_NAME(put_how, NAMES_HOW)
PUT_NAME(put_level, NAMES_LEVEL)
PUT_NAME(put_fcntl, NAMES_FCNTL)
PUT_NAME(put_ioctl, NAMES_IOCTL)
PUT_NAME(put_epoll_op, NAMES_EPOLL_OP)
PUT_FLAGS(put_msg_flags, NAMES_MSG)
PUT_FLAGS(put_open_flags, NAMES_OPEN_FLAGS)
PUT_FLAGS(put_splice_flags, NAMES_SPLICE)
PUT_FLAGS(put_uring_flags, NAMES_URING_ENTER)

/* --- addresses ---------------------------------------------------------------------------------- */

static void put_inet(struct buf *b, const struct call_event *c, bool six)
{
	struct endpoint end = {
		.addr = six ? addr_v6(c->name + 8) : addr_v4(c->name + 4),
		.port = (uint16_t)(c->name[2] << 8 | c->name[3]),
	};
	char text[ENDPOINT_TEXT_MAX];

	endpoint_format(text, &end);
	buf_puts(b, text);
}

static void put_unix(struct buf *b, const struct call_event *c)
{
	size_t head = offsetof(struct sockaddr_un, sun_path), n = c->name_len;
	char text[VIS_MAX(CALL_NAME_BYTES) + 1];

	if (n > sizeof(struct sockaddr_un))
		n = sizeof(struct sockaddr_un);
	n = n > head ? n - head : 0;
	buf_puts(b, "unix:");
	if (!n)
		return;
	if (c->name[head]) {
		vis_str(text, sizeof(text), (const char *)c->name + head, n);
	} else {
		buf_putc(b, '@');
		vis(text, sizeof(text), c->name + head + 1, n - 1);
	}
	buf_puts(b, text);
}

static void put_netlink(struct buf *b, const struct call_event *c)
{
	struct sockaddr_nl a;

	memcpy(&a, c->name, sizeof(a));
	buf_printf(b, "netlink:pid %u groups 0x%x", a.nl_pid, a.nl_groups);
}

static void put_packet(struct buf *b, const struct call_event *c)
{
	struct sockaddr_ll a;

	memcpy(&a, c->name, sizeof(a));
	buf_printf(b, "packet:if %d proto 0x%04x", a.sll_ifindex, ntohs(a.sll_protocol));
}

static void put_vsock(struct buf *b, const struct call_event *c)
{
	struct sockaddr_vm a;

	memcpy(&a, c->name, sizeof(a));
	buf_printf(b, "vsock:%d:%d", (int)a.svm_cid, (int)a.svm_port);
}

void call_address(struct buf *out, const struct call_event *c)
{
	uint16_t family;

	memcpy(&family, c->name, sizeof(family));
	switch (family) {
	case AF_INET: put_inet(out, c, false); return;
	case AF_INET6: put_inet(out, c, true); return;
	case AF_UNIX: put_unix(out, c); return;
	case AF_NETLINK: put_netlink(out, c); return;
	case AF_PACKET: put_packet(out, c); return;
	case AF_VSOCK: put_vsock(out, c); return;
	default: put_name(out, NAMES_DOMAIN, family); return;
	}
}

static void put_address(struct buf *b, const struct call_row *row, int64_t v)
{
	if (row->event->flags & CALL_FLAG_NAME)
		call_address(b, row->event);
	else
		put_pointer(b, row, v);
}

/* A length behind a pointer: what the kernel set it to. */
static void put_length_out(struct buf *b, const struct call_row *row, int64_t v)
{
	const struct call_event *c = row->event;

	if (c->flags & CALL_FLAG_NAME)
		buf_printf(b, "[%u]", c->name_len);
	else if (c->flags & CALL_FLAG_VALUE && c->ev.call.call == CALL_GETSOCKOPT)
		buf_printf(b, "[%u]", c->value_len);
	else
		put_pointer(b, row, v);
}

/* --- options ------------------------------------------------------------------------------------ */

static void put_option(struct buf *b, const struct call_row *row, int64_t v)
{
	static const struct {
		int level;
		enum name_set set;
	} by_level[] = {
		{SOL_SOCKET, NAMES_OPT_SOCKET}, {6, NAMES_OPT_TCP},	{17, NAMES_OPT_UDP},
		{0, NAMES_OPT_IP},		{41, NAMES_OPT_IPV6},	{SOL_NETLINK, NAMES_OPT_NETLINK},
		{SOL_PACKET, NAMES_OPT_PACKET},
	};
	int level = (int)row->event->ev.call.args[1];

	for (unsigned i = 0; i < sizeof(by_level) / sizeof(by_level[0]); i++) {
		if (by_level[i].level != level)
			continue;
		put_name(b, by_level[i].set, (uint32_t)v);
		return;
	}
	buf_put_i64(b, (int32_t)v);
}

/* A number where the length says so; texts such as TCP_CONGESTION read as texts. */
static void put_value(struct buf *b, const struct call_row *row, int64_t v)
{
	const struct call_event *c = row->event;
	char text[VIS_MAX(CALL_VALUE_BYTES) + 1];
	int option = (int)c->ev.call.args[2];
	int32_t pair[2];

	if (!(c->flags & CALL_FLAG_VALUE)) {
		put_pointer(b, row, v);
		return;
	}
	memcpy(pair, c->value.bytes, sizeof(pair));
	if ((c->ev.call.args[1] == SOL_SOCKET && option == SO_BINDTODEVICE) ||
	    (c->ev.call.args[1] == 6 && (option == 13 || option == 31))) {
		vis_str(text, sizeof(text), (const char *)c->value.bytes,
			c->value_len < CALL_VALUE_BYTES ? c->value_len : CALL_VALUE_BYTES);
		buf_puts(b, text);
	} else if (c->value_len == sizeof(int32_t)) {
		buf_printf(b, "[%d]", pair[0]);
	} else if (c->value_len == sizeof(pair)) {
		buf_printf(b, "[%d, %d]", pair[0], pair[1]);
	} else {
		put_pointer(b, row, v);
	}
}

static void put_pair(struct buf *b, const struct call_row *row, int64_t v)
{
	const struct call_event *c = row->event;

	if (c->flags & CALL_FLAG_VALUE)
		buf_printf(b, "[%d, %d]", c->value.fds[0], c->value.fds[1]);
	else
		put_pointer(b, row, v);
}

/* --- messages ----------------------------------------------------------------------------------- */

static void put_control(struct buf *b, const struct call_event *c)
{
	if (!c->value.message.control_len)
		return;
	buf_puts(b, ", ");
	if (c->value.message.level != SOL_SOCKET) {
		buf_puts(b, "control");
		return;
	}
	put_name(b, NAMES_CONTROL, c->value.message.type);
	if (c->value.message.type == SCM_RIGHTS)
		buf_printf(b, " fd %d", c->value.message.fd);
}

static void put_message(struct buf *b, const struct call_row *row, int64_t v)
{
	const struct call_event *c = row->event;

	if (!(c->flags & CALL_FLAG_VALUE)) {
		put_pointer(b, row, v);
		return;
	}
	buf_putc(b, '{');
	if (c->flags & CALL_FLAG_NAME) {
		call_address(b, c);
		buf_puts(b, ", ");
	}
	buf_printf(b, "%u iov", c->value.message.iovs);
	put_control(b, c);
	if (c->value.message.flags) {
		buf_puts(b, ", ");
		put_flags(b, NAMES_MSG, c->value.message.flags);
	}
	buf_putc(b, '}');
}

/* --- waiting ------------------------------------------------------------------------------------ */

static void put_waited(struct buf *b, const struct call_row *row, int64_t v)
{
	const struct call_event *c = row->event;
	uint16_t call = c->ev.call.call;
	bool epoll = call != CALL_POLL && call != CALL_PPOLL;

	if (!(c->flags & CALL_FLAG_VALUE)) {
		put_pointer(b, row, v);
		return;
	}
	buf_printf(b, "{fd %d", c->value.wait.fd);
	if (c->value.wait.events) {
		buf_putc(b, ' ');
		put_flags(b, epoll ? NAMES_EPOLL : NAMES_POLL, c->value.wait.events);
	}
	if (c->value.wait.revents) {
		buf_puts(b, " ready ");
		put_flags(b, epoll ? NAMES_EPOLL : NAMES_POLL, c->value.wait.revents);
	}
	buf_putc(b, '}');
}

static void put_watch(struct buf *b, const struct call_row *row, int64_t v)
{
	const struct call_event *c = row->event;

	if (!(c->flags & CALL_FLAG_VALUE)) {
		put_pointer(b, row, v);
		return;
	}
	buf_putc(b, '{');
	put_flags(b, NAMES_EPOLL, c->value.watch.events);
	buf_putc(b, '}');
}

/* --- fcntl -------------------------------------------------------------------------------------- */

static void put_fcntl_arg(struct buf *b, const struct call_row *row, int64_t v)
{
	enum { SETFL = 4 };

	if (row->event->ev.call.args[1] == SETFL)
		put_open_flags(b, row, v);
	else
		put_int(b, row, v);
}

/* --- the rows ----------------------------------------------------------------------------------- */

enum kind {
	END,
	INT,
	SIZE,
	POINTER,
	DOMAIN,
	TYPE,
	TYPE_FLAGS,
	PROTOCOL,
	HOW,
	LEVEL,
	OPTION,
	VALUE,
	PAIR,
	MESSAGE,
	ADDRESS,
	LENGTH_OUT,
	MSG_FLAGS,
	FCNTL,
	FCNTL_ARG,
	IOCTL,
	WAITED,
	EPOLL_OP,
	WATCH,
	OPEN_FLAGS,
	SPLICE_FLAGS,
	URING_FLAGS,
	KINDS
};

static const struct {
	put_fn put;
	bool number;
} kinds[KINDS] = {
	[INT] = {put_int, true},
	[SIZE] = {put_size, true},
	[POINTER] = {put_pointer, false},
	[DOMAIN] = {put_domain, false},
	[TYPE] = {put_type, false},
	[TYPE_FLAGS] = {put_type_flags, false},
	[PROTOCOL] = {put_protocol, false},
	[HOW] = {put_how, false},
	[LEVEL] = {put_level, false},
	[OPTION] = {put_option, false},
	[VALUE] = {put_value, false},
	[PAIR] = {put_pair, false},
	[MESSAGE] = {put_message, false},
	[ADDRESS] = {put_address, false},
	[LENGTH_OUT] = {put_length_out, false},
	[MSG_FLAGS] = {put_msg_flags, false},
	[FCNTL] = {put_fcntl, false},
	[FCNTL_ARG] = {put_fcntl_arg, false},
	[IOCTL] = {put_ioctl, false},
	[WAITED] = {put_waited, false},
	[EPOLL_OP] = {put_epoll_op, false},
	[WATCH] = {put_watch, false},
	[OPEN_FLAGS] = {put_open_flags, false},
	[SPLICE_FLAGS] = {put_splice_flags, false},
	[URING_FLAGS] = {put_uring_flags, false},
};

struct arg_row {
	const char *name;
	uint8_t kind;
};

#define FD {"fd", INT}
#define BUFFER {"buffer", POINTER}
#define LEN {"len", SIZE}
#define FLAGS {"flags", MSG_FLAGS}
#define NAME_OUT {"address", ADDRESS}, {"address_len", LENGTH_OUT}
#define NAME_IN {"address", ADDRESS}, {"address_len", INT}
#define IOVS {"iov", POINTER}, {"iov_count", INT}

static const struct arg_row rows[CALL_COUNT][SOCK_CALL_ARGS] = {
	[CALL_SOCKET] = {{"domain", DOMAIN}, {"socket_type", TYPE}, {"protocol", PROTOCOL}},
	[CALL_SOCKETPAIR] = {{"domain", DOMAIN}, {"socket_type", TYPE}, {"protocol", PROTOCOL},
			     {"fds", PAIR}},
	[CALL_BIND] = {FD, NAME_IN},
	[CALL_CONNECT] = {FD, NAME_IN},
	[CALL_LISTEN] = {FD, {"backlog", INT}},
	[CALL_ACCEPT] = {FD, NAME_OUT},
	[CALL_ACCEPT4] = {FD, NAME_OUT, {"flags", TYPE_FLAGS}},
	[CALL_GETSOCKNAME] = {FD, NAME_OUT},
	[CALL_GETPEERNAME] = {FD, NAME_OUT},
	[CALL_SENDTO] = {FD, BUFFER, LEN, FLAGS, NAME_IN},
	[CALL_RECVFROM] = {FD, BUFFER, LEN, FLAGS, NAME_OUT},
	[CALL_SENDMSG] = {FD, {"message", MESSAGE}, FLAGS},
	[CALL_RECVMSG] = {FD, {"message", MESSAGE}, FLAGS},
	[CALL_SENDMMSG] = {FD, {"message", MESSAGE}, {"messages", INT}, FLAGS},
	[CALL_RECVMMSG] = {FD, {"message", MESSAGE}, {"messages", INT}, FLAGS,
			   {"timeout", POINTER}},
	[CALL_READ] = {FD, BUFFER, LEN},
	[CALL_WRITE] = {FD, BUFFER, LEN},
	[CALL_READV] = {FD, IOVS},
	[CALL_WRITEV] = {FD, IOVS},
	[CALL_PREAD64] = {FD, BUFFER, LEN, {"offset", SIZE}},
	[CALL_PWRITE64] = {FD, BUFFER, LEN, {"offset", SIZE}},
	[CALL_PREADV] = {FD, IOVS, {"offset", SIZE}},
	[CALL_PWRITEV] = {FD, IOVS, {"offset", SIZE}},
	[CALL_PREADV2] = {FD, IOVS, {"offset", SIZE}, {"offset_high", SIZE}, {"flags", INT}},
	[CALL_PWRITEV2] = {FD, IOVS, {"offset", SIZE}, {"offset_high", SIZE}, {"flags", INT}},
	[CALL_SHUTDOWN] = {FD, {"how", HOW}},
	[CALL_SETSOCKOPT] = {FD, {"level", LEVEL}, {"option", OPTION}, {"value", VALUE},
			     {"value_len", INT}},
	[CALL_GETSOCKOPT] = {FD, {"level", LEVEL}, {"option", OPTION}, {"value", VALUE},
			     {"value_len", LENGTH_OUT}},
	[CALL_CLOSE] = {FD},
	[CALL_SENDFILE] = {FD, {"in_fd", INT}, {"offset", POINTER}, LEN},
	[CALL_SPLICE] = {{"in_fd", INT}, {"in_offset", POINTER}, {"out_fd", INT},
			 {"out_offset", POINTER}, LEN, {"flags", SPLICE_FLAGS}},
	[CALL_DUP] = {FD},
	[CALL_DUP2] = {FD, {"new_fd", INT}},
	[CALL_DUP3] = {FD, {"new_fd", INT}, {"flags", OPEN_FLAGS}},
	[CALL_FCNTL] = {FD, {"command", FCNTL}, {"argument", FCNTL_ARG}},
	[CALL_IOCTL] = {FD, {"request", IOCTL}, {"argument", POINTER}},
	[CALL_POLL] = {{"fds", WAITED}, {"count", INT}, {"timeout_ms", INT}},
	[CALL_PPOLL] = {{"fds", WAITED}, {"count", INT}, {"timeout", POINTER}},
	[CALL_SELECT] = {{"count", INT}, {"fds", WAITED}, {"write_fds", POINTER},
			 {"except_fds", POINTER}, {"timeout", POINTER}},
	[CALL_PSELECT6] = {{"count", INT}, {"fds", WAITED}, {"write_fds", POINTER},
			   {"except_fds", POINTER}, {"timeout", POINTER}},
	[CALL_EPOLL_CTL] = {{"epoll_fd", INT}, {"op", EPOLL_OP}, FD, {"event", WATCH}},
	[CALL_EPOLL_WAIT] = {{"epoll_fd", INT}, {"events", WAITED}, {"max_events", INT},
			     {"timeout_ms", INT}},
	[CALL_EPOLL_PWAIT] = {{"epoll_fd", INT}, {"events", WAITED}, {"max_events", INT},
			      {"timeout_ms", INT}},
	[CALL_EPOLL_PWAIT2] = {{"epoll_fd", INT}, {"events", WAITED}, {"max_events", INT},
			       {"timeout", POINTER}},
	[CALL_PIDFD_GETFD] = {{"pidfd", INT}, {"target_fd", INT}, {"flags", INT}},
	[CALL_IO_URING_ENTER] = {FD, {"to_submit", INT}, {"min_complete", INT},
				 {"flags", URING_FLAGS}},
	[CALL_IO_SUBMIT] = {{"context", POINTER}, {"count", INT}, {"iocbs", POINTER}},
};

bool call_arg(struct buf *out, struct call_arg_text *arg, const struct call_row *row, unsigned i)
{
	const struct sock_event *ev = &row->event->ev;
	const struct arg_row *r;

	if (ev->call.call >= CALL_COUNT || i >= SOCK_CALL_ARGS)
		return false;
	r = &rows[ev->call.call][i];
	if (r->kind == END)
		return false;
	kinds[r->kind].put(out, row, ev->call.args[i]);
	*arg = (struct call_arg_text){
		.name = r->name,
		.number = kinds[r->kind].number,
		.shown = r->kind != POINTER,
	};
	return true;
}

/* --- errors ------------------------------------------------------------------------------------- */

/* A call that a signal interrupts returns these inside the kernel; programs never see them. */
static const char *restart_name(int64_t code)
{
	switch (code) {
	case 512: return "ERESTARTSYS";
	case 513: return "ERESTARTNOINTR";
	case 514: return "ERESTARTNOHAND";
	case 516: return "ERESTART_RESTARTBLOCK";
	default: return "error";
	}
}

const char *call_errno(int64_t result)
{
	const char *name;

	if (result >= 0 || result < -4095)
		return NULL;
	name = strerrorname_np((int)-result);
	return name ? name : restart_name(-result);
}
