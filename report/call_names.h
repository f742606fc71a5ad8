/* SPDX-License-Identifier: MIT
 *
 * Names of the constants that socket calls take and give, as in the system's headers. A number that
 * has no name here is written as a number.
 */
#ifndef SOCKLENS_REPORT_CALL_NAMES_H
#define SOCKLENS_REPORT_CALL_NAMES_H

#include <stdint.h>

#include "base/buf.h"

enum name_set {
	NAMES_DOMAIN,	     /* AF_INET */
	NAMES_TYPE,	     /* SOCK_STREAM, without flags */
	NAMES_TYPE_FLAGS,    /* SOCK_CLOEXEC|SOCK_NONBLOCK */
	NAMES_PROTOCOL,	     /* IPPROTO_TCP */
	NAMES_NETLINK,	     /* NETLINK_ROUTE */
	NAMES_MSG,	     /* MSG_DONTWAIT|MSG_NOSIGNAL */
	NAMES_HOW,	     /* SHUT_WR */
	NAMES_LEVEL,	     /* SOL_SOCKET */
	NAMES_OPT_SOCKET,    /* SO_REUSEADDR */
	NAMES_OPT_TCP,
	NAMES_OPT_UDP,
	NAMES_OPT_IP,
	NAMES_OPT_IPV6,
	NAMES_OPT_NETLINK,
	NAMES_OPT_PACKET,
	NAMES_CONTROL,	     /* SCM_RIGHTS */
	NAMES_FCNTL,	     /* F_DUPFD */
	NAMES_OPEN_FLAGS,    /* O_NONBLOCK */
	NAMES_IOCTL,	     /* FIONREAD */
	NAMES_POLL,	     /* POLLIN|POLLOUT */
	NAMES_EPOLL,	     /* EPOLLIN|EPOLLET */
	NAMES_EPOLL_OP,	     /* EPOLL_CTL_ADD */
	NAMES_SPLICE,	     /* SPLICE_F_MOVE */
	NAMES_URING_ENTER,   /* IORING_ENTER_GETEVENTS */
	NAME_SETS
};

/* NULL when the set has no such value. */
const char *name_of(enum name_set set, uint64_t value);

void put_name(struct buf *b, enum name_set set, uint64_t value);
/* The names of the bits that are set, with | between them; what has no name as a number; 0 for none. */
void put_flags(struct buf *b, enum name_set set, uint64_t value);

#endif
