/* SPDX-License-Identifier: MIT
 *
 * One table a kind of constant. Those that this system's headers may lack are guarded.
 */
#include "report/call_names.h"

#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/io_uring.h>
#include <linux/netlink.h>
#include <linux/sockios.h>
#include <linux/udp.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

struct name_row {
	uint64_t value;
	const char *name;
};

#define N(constant) {(uint64_t)(constant), #constant}

static const struct name_row domains[] = {
	N(AF_UNSPEC), N(AF_UNIX), N(AF_INET), N(AF_AX25), N(AF_IPX), N(AF_INET6), N(AF_NETLINK),
	N(AF_PACKET), N(AF_RDS), N(AF_PPPOX), N(AF_CAN), N(AF_TIPC), N(AF_BLUETOOTH), N(AF_ALG),
	N(AF_VSOCK), N(AF_KCM), N(AF_QIPCRTR), N(AF_SMC), N(AF_XDP), {0},
};

static const struct name_row types[] = {
	N(SOCK_STREAM), N(SOCK_DGRAM), N(SOCK_RAW), N(SOCK_RDM), N(SOCK_SEQPACKET), N(SOCK_DCCP),
	N(SOCK_PACKET), {0},
};

static const struct name_row type_flags[] = {N(SOCK_CLOEXEC), N(SOCK_NONBLOCK), {0}};

static const struct name_row protocols[] = {
	N(IPPROTO_IP), N(IPPROTO_ICMP), N(IPPROTO_IGMP), N(IPPROTO_IPIP), N(IPPROTO_TCP),
	N(IPPROTO_UDP), N(IPPROTO_DCCP), N(IPPROTO_IPV6), N(IPPROTO_GRE), N(IPPROTO_ESP),
	N(IPPROTO_AH), N(IPPROTO_ICMPV6), N(IPPROTO_SCTP), N(IPPROTO_UDPLITE), N(IPPROTO_RAW),
	{262, "IPPROTO_MPTCP"}, {0},
};

static const struct name_row netlinks[] = {
	N(NETLINK_ROUTE), N(NETLINK_USERSOCK), N(NETLINK_FIREWALL), N(NETLINK_SOCK_DIAG),
	N(NETLINK_NFLOG), N(NETLINK_XFRM), N(NETLINK_SELINUX), N(NETLINK_AUDIT),
	N(NETLINK_FIB_LOOKUP), N(NETLINK_CONNECTOR), N(NETLINK_NETFILTER), N(NETLINK_KOBJECT_UEVENT),
	N(NETLINK_GENERIC), N(NETLINK_CRYPTO), {0},
};

static const struct name_row messages[] = {
	N(MSG_OOB), N(MSG_PEEK), N(MSG_DONTROUTE), N(MSG_CTRUNC), N(MSG_PROXY), N(MSG_TRUNC),
	N(MSG_DONTWAIT), N(MSG_EOR), N(MSG_WAITALL), N(MSG_FIN), N(MSG_SYN), N(MSG_CONFIRM),
	N(MSG_RST), N(MSG_ERRQUEUE), N(MSG_NOSIGNAL), N(MSG_MORE), N(MSG_WAITFORONE), N(MSG_BATCH),
	N(MSG_ZEROCOPY), N(MSG_FASTOPEN), {MSG_CMSG_CLOEXEC, "MSG_CMSG_CLOEXEC"}, {0},
};

static const struct name_row hows[] = {N(SHUT_RD), N(SHUT_WR), N(SHUT_RDWR), {0}};

static const struct name_row levels[] = {
	N(SOL_IP), N(SOL_SOCKET), N(SOL_TCP), {17, "SOL_UDP"}, N(SOL_IPV6), N(SOL_ICMPV6), {132, "SOL_SCTP"},
	N(SOL_RAW), N(SOL_PACKET), N(SOL_NETLINK), N(SOL_ALG), N(SOL_TLS), N(SOL_XDP),
	{284, "SOL_MPTCP"}, {287, "SOL_VSOCK"}, {0},
};

static const struct name_row socket_options[] = {
	N(SO_DEBUG), N(SO_REUSEADDR), N(SO_TYPE), N(SO_ERROR), N(SO_DONTROUTE), N(SO_BROADCAST),
	N(SO_SNDBUF), N(SO_RCVBUF), N(SO_KEEPALIVE), N(SO_OOBINLINE), N(SO_NO_CHECK), N(SO_PRIORITY),
	N(SO_LINGER), N(SO_BSDCOMPAT), N(SO_REUSEPORT), N(SO_PASSCRED), N(SO_PEERCRED), N(SO_RCVLOWAT),
	N(SO_SNDLOWAT), N(SO_BINDTODEVICE), N(SO_ATTACH_FILTER), N(SO_DETACH_FILTER), N(SO_PEERNAME),
	N(SO_ACCEPTCONN), N(SO_PEERSEC), N(SO_SNDBUFFORCE), N(SO_RCVBUFFORCE), N(SO_PASSSEC),
	N(SO_MARK), N(SO_PROTOCOL), N(SO_DOMAIN), N(SO_RXQ_OVFL), N(SO_WIFI_STATUS), N(SO_PEEK_OFF),
	N(SO_NOFCS), N(SO_LOCK_FILTER), N(SO_SELECT_ERR_QUEUE), N(SO_BUSY_POLL),
	N(SO_MAX_PACING_RATE), N(SO_BPF_EXTENSIONS), N(SO_INCOMING_CPU), N(SO_ATTACH_BPF),
	N(SO_ATTACH_REUSEPORT_CBPF), N(SO_ATTACH_REUSEPORT_EBPF), N(SO_CNX_ADVICE), N(SO_MEMINFO),
	N(SO_INCOMING_NAPI_ID), N(SO_COOKIE), N(SO_PEERGROUPS), N(SO_ZEROCOPY), N(SO_TXTIME),
	N(SO_BINDTOIFINDEX), N(SO_DETACH_REUSEPORT_BPF), N(SO_PREFER_BUSY_POLL),
	N(SO_BUSY_POLL_BUDGET), {20, "SO_RCVTIMEO"}, {21, "SO_SNDTIMEO"}, {29, "SO_TIMESTAMP"},
	{35, "SO_TIMESTAMPNS"}, {37, "SO_TIMESTAMPING"}, {66, "SO_RCVTIMEO_NEW"},
	{67, "SO_SNDTIMEO_NEW"}, {71, "SO_NETNS_COOKIE"}, {72, "SO_BUF_LOCK"}, {73, "SO_RESERVE_MEM"},
	{74, "SO_TXREHASH"}, {75, "SO_RCVMARK"}, {76, "SO_PASSPIDFD"}, {77, "SO_PEERPIDFD"}, {0},
};

static const struct name_row tcp_options[] = {
	N(TCP_NODELAY), N(TCP_MAXSEG), N(TCP_CORK), N(TCP_KEEPIDLE), N(TCP_KEEPINTVL), N(TCP_KEEPCNT),
	N(TCP_SYNCNT), N(TCP_LINGER2), N(TCP_DEFER_ACCEPT), N(TCP_WINDOW_CLAMP), N(TCP_INFO),
	N(TCP_QUICKACK), N(TCP_CONGESTION), N(TCP_MD5SIG), N(TCP_THIN_LINEAR_TIMEOUTS),
	N(TCP_THIN_DUPACK), N(TCP_USER_TIMEOUT), N(TCP_REPAIR), N(TCP_REPAIR_QUEUE), N(TCP_QUEUE_SEQ),
	N(TCP_REPAIR_OPTIONS), N(TCP_FASTOPEN), N(TCP_TIMESTAMP), N(TCP_NOTSENT_LOWAT), N(TCP_CC_INFO),
	N(TCP_SAVE_SYN), N(TCP_SAVED_SYN), N(TCP_REPAIR_WINDOW), N(TCP_FASTOPEN_CONNECT), N(TCP_ULP),
	N(TCP_MD5SIG_EXT), N(TCP_FASTOPEN_KEY), N(TCP_FASTOPEN_NO_COOKIE), N(TCP_ZEROCOPY_RECEIVE),
	N(TCP_INQ), N(TCP_TX_DELAY), {0},
};

static const struct name_row udp_options[] = {
	N(UDP_CORK), N(UDP_ENCAP), N(UDP_NO_CHECK6_TX), N(UDP_NO_CHECK6_RX), N(UDP_SEGMENT), N(UDP_GRO),
	{0},
};

static const struct name_row ip_options[] = {
	N(IP_TOS), N(IP_TTL), N(IP_HDRINCL), N(IP_OPTIONS), N(IP_RECVOPTS), N(IP_RETOPTS),
	N(IP_PKTINFO), N(IP_MTU_DISCOVER), N(IP_RECVERR), N(IP_RECVTTL), N(IP_RECVTOS), N(IP_MTU),
	N(IP_FREEBIND), N(IP_TRANSPARENT), N(IP_RECVORIGDSTADDR), N(IP_MINTTL), N(IP_NODEFRAG),
	N(IP_BIND_ADDRESS_NO_PORT), N(IP_MULTICAST_IF), N(IP_MULTICAST_TTL), N(IP_MULTICAST_LOOP),
	N(IP_ADD_MEMBERSHIP), N(IP_DROP_MEMBERSHIP), N(IP_ADD_SOURCE_MEMBERSHIP), N(IP_MULTICAST_ALL),
	N(IP_UNICAST_IF), N(MCAST_JOIN_GROUP), N(MCAST_LEAVE_GROUP), {51, "IP_LOCAL_PORT_RANGE"}, {0},
};

static const struct name_row ipv6_options[] = {
	N(IPV6_UNICAST_HOPS), N(IPV6_MULTICAST_IF), N(IPV6_MULTICAST_HOPS), N(IPV6_MULTICAST_LOOP),
	N(IPV6_JOIN_GROUP), N(IPV6_LEAVE_GROUP), N(IPV6_MTU_DISCOVER), N(IPV6_MTU), N(IPV6_RECVERR),
	N(IPV6_V6ONLY), N(IPV6_RECVPKTINFO), N(IPV6_PKTINFO), N(IPV6_RECVHOPLIMIT), N(IPV6_HOPLIMIT),
	N(IPV6_TCLASS), N(IPV6_RECVTCLASS), N(IPV6_DONTFRAG), N(IPV6_FREEBIND), N(IPV6_CHECKSUM),
	N(IPV6_ADDR_PREFERENCES), N(IPV6_UNICAST_IF), {0},
};

static const struct name_row netlink_options[] = {
	N(NETLINK_ADD_MEMBERSHIP), N(NETLINK_DROP_MEMBERSHIP), N(NETLINK_PKTINFO),
	N(NETLINK_BROADCAST_ERROR), N(NETLINK_NO_ENOBUFS), N(NETLINK_LISTEN_ALL_NSID),
	N(NETLINK_LIST_MEMBERSHIPS), N(NETLINK_CAP_ACK), N(NETLINK_EXT_ACK),
	N(NETLINK_GET_STRICT_CHK), {0},
};

static const struct name_row packet_options[] = {
	N(PACKET_ADD_MEMBERSHIP), N(PACKET_DROP_MEMBERSHIP), N(PACKET_RX_RING), N(PACKET_STATISTICS),
	N(PACKET_AUXDATA), N(PACKET_VERSION), N(PACKET_HDRLEN), N(PACKET_RESERVE), N(PACKET_TX_RING),
	N(PACKET_LOSS), N(PACKET_VNET_HDR), N(PACKET_TIMESTAMP), N(PACKET_FANOUT),
	N(PACKET_QDISC_BYPASS), N(PACKET_IGNORE_OUTGOING), {0},
};

static const struct name_row controls[] = {
	{1, "SCM_RIGHTS"}, {2, "SCM_CREDENTIALS"}, {4, "SCM_PIDFD"}, {29, "SCM_TIMESTAMP"},
	{35, "SCM_TIMESTAMPNS"}, {37, "SCM_TIMESTAMPING"}, {0},
};

static const struct name_row fcntls[] = {
	N(F_DUPFD), N(F_GETFD), N(F_SETFD), N(F_GETFL), N(F_SETFL), N(F_GETLK), N(F_SETLK), N(F_SETLKW),
	N(F_SETOWN), N(F_GETOWN), N(F_SETSIG), N(F_GETSIG), N(F_SETOWN_EX), N(F_GETOWN_EX),
	N(F_DUPFD_CLOEXEC), {0},
};

static const struct name_row open_flags[] = {
	N(O_WRONLY), N(O_RDWR), N(O_APPEND), N(O_NONBLOCK), N(O_ASYNC), N(O_DIRECT), N(O_CLOEXEC), {0},
};

static const struct name_row ioctls[] = {
	N(FIONBIO), N(FIONREAD), N(FIOASYNC), N(FIOCLEX), N(FIONCLEX), N(TIOCOUTQ), N(SIOCATMARK),
	N(SIOCOUTQNSD), N(SIOCGIFNAME), N(SIOCGIFCONF), N(SIOCGIFFLAGS), N(SIOCSIFFLAGS),
	N(SIOCGIFADDR), N(SIOCSIFADDR), N(SIOCGIFNETMASK), N(SIOCGIFBRDADDR), N(SIOCGIFMTU),
	N(SIOCSIFMTU), N(SIOCGIFHWADDR), N(SIOCGIFINDEX), N(SIOCGIFTXQLEN), N(SIOCETHTOOL), N(TCGETS),
	{0},
};

static const struct name_row polls[] = {
	N(POLLIN), N(POLLPRI), N(POLLOUT), N(POLLERR), N(POLLHUP), N(POLLNVAL), N(POLLRDNORM),
	N(POLLRDBAND), N(POLLWRNORM), N(POLLWRBAND), N(POLLRDHUP), {0},
};

static const struct name_row epolls[] = {
	N(EPOLLIN), N(EPOLLPRI), N(EPOLLOUT), N(EPOLLERR), N(EPOLLHUP), N(EPOLLRDNORM), N(EPOLLRDBAND),
	N(EPOLLWRNORM), N(EPOLLWRBAND), N(EPOLLMSG), N(EPOLLRDHUP), {1u << 28, "EPOLLEXCLUSIVE"},
	{1u << 29, "EPOLLWAKEUP"}, {1u << 30, "EPOLLONESHOT"}, {1u << 31, "EPOLLET"}, {0},
};

static const struct name_row epoll_ops[] = {N(EPOLL_CTL_ADD), N(EPOLL_CTL_DEL), N(EPOLL_CTL_MOD), {0}};

static const struct name_row splices[] = {
	N(SPLICE_F_MOVE), N(SPLICE_F_NONBLOCK), N(SPLICE_F_MORE), N(SPLICE_F_GIFT), {0},
};

static const struct name_row uring_enters[] = {
	N(IORING_ENTER_GETEVENTS), N(IORING_ENTER_SQ_WAKEUP), N(IORING_ENTER_SQ_WAIT),
	N(IORING_ENTER_EXT_ARG), {1u << 4, "IORING_ENTER_REGISTERED_RING"}, {0},
};

static const struct name_row *const sets[NAME_SETS] = {
	[NAMES_DOMAIN] = domains,
	[NAMES_TYPE] = types,
	[NAMES_TYPE_FLAGS] = type_flags,
	[NAMES_PROTOCOL] = protocols,
	[NAMES_NETLINK] = netlinks,
	[NAMES_MSG] = messages,
	[NAMES_HOW] = hows,
	[NAMES_LEVEL] = levels,
	[NAMES_OPT_SOCKET] = socket_options,
	[NAMES_OPT_TCP] = tcp_options,
	[NAMES_OPT_UDP] = udp_options,
	[NAMES_OPT_IP] = ip_options,
	[NAMES_OPT_IPV6] = ipv6_options,
	[NAMES_OPT_NETLINK] = netlink_options,
	[NAMES_OPT_PACKET] = packet_options,
	[NAMES_CONTROL] = controls,
	[NAMES_FCNTL] = fcntls,
	[NAMES_OPEN_FLAGS] = open_flags,
	[NAMES_IOCTL] = ioctls,
	[NAMES_POLL] = polls,
	[NAMES_EPOLL] = epolls,
	[NAMES_EPOLL_OP] = epoll_ops,
	[NAMES_SPLICE] = splices,
	[NAMES_URING_ENTER] = uring_enters,
};

const char *name_of(enum name_set set, uint64_t value)
{
	for (const struct name_row *r = sets[set]; r->name; r++)
		if (r->value == value)
			return r->name;
	return NULL;
}

void put_name(struct buf *b, enum name_set set, uint64_t value)
{
	const char *name = name_of(set, value);

	if (name)
		buf_puts(b, name);
	else
		buf_printf(b, value < 1 << 16 ? "%llu" : "0x%llx", (unsigned long long)value);
}

void put_flags(struct buf *b, enum name_set set, uint64_t value)
{
	const char *between = "";

	if (!value)
		buf_putc(b, '0');
	for (const struct name_row *r = sets[set]; r->name; r++) {
		if ((value & r->value) != r->value || !r->value)
			continue;
		buf_puts(b, between);
		buf_puts(b, r->name);
		value &= ~r->value;
		between = "|";
	}
	if (value)
		buf_printf(b, "%s0x%llx", between, (unsigned long long)value);
}
