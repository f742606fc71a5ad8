/* SPDX-License-Identifier: MIT */
#include "capture/interfaces.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pcap/pcap.h>

#include "base/addr.h"
#include "base/buf.h"

enum { ADDRESSES_MAX = 4096 };

static void put_address(struct buf *b, const struct sockaddr *sa)
{
	/* libpcap allocated what the family says, aligned for it. */
	const struct sockaddr_in *v4 = (const void *)sa;
	const struct sockaddr_in6 *v6 = (const void *)sa;
	char text[ADDR_TEXT_MAX];
	struct addr a;

	if (sa && sa->sa_family == AF_INET)
		a = addr_v4((const uint8_t *)&v4->sin_addr);
	else if (sa && sa->sa_family == AF_INET6)
		a = addr_v6(v6->sin6_addr.s6_addr);
	else
		return;
	addr_format(text, &a);
	if (b->len)
		buf_putc(b, ',');
	buf_puts(b, text);
}

static void report(interface_fn fn, void *ctx, const pcap_if_t *dev, struct buf *addresses)
{
	buf_reset(addresses);
	for (const pcap_addr_t *a = dev->addresses; a; a = a->next)
		put_address(addresses, a->addr);
	fn(ctx, &(struct interface_info){
			.name = dev->name,
			.description = dev->description,
			.addresses = buf_text(addresses),
			.up = dev->flags & PCAP_IF_UP,
			.running = dev->flags & PCAP_IF_RUNNING,
			.loopback = dev->flags & PCAP_IF_LOOPBACK,
			.wireless = dev->flags & PCAP_IF_WIRELESS,
		});
}

int interfaces_list(interface_fn fn, void *ctx, struct err *e)
{
	char text[PCAP_ERRBUF_SIZE] = "";
	struct buf addresses;
	pcap_if_t *all;

	if (pcap_findalldevs(&all, text))
		return err_set(e, -EIO, "cannot list interfaces: %s", text);
	buf_init(&addresses, ADDRESSES_MAX);
	for (const pcap_if_t *dev = all; dev; dev = dev->next)
		report(fn, ctx, dev, &addresses);
	buf_done(&addresses);
	pcap_freealldevs(all);
	return 0;
}
