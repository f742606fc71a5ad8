/* SPDX-License-Identifier: MIT */
#include "tui/row_text.h"

#include <stdio.h>
#include <string.h>

#include "flow/rows/end_text.h"

static void put_proto(char *out, size_t cap, const struct flow_row *row)
{
	const char *name = proto_name(row->proto);

	if (name)
		snprintf(out, cap, "%s", name);
	else
		snprintf(out, cap, "%s proto %u", row->ip_version == 6 ? "ip6" : "ip", row->proto);
}

void row_text_ends(char out[ROW_TEXT_MAX], const struct flow_row *row)
{
	char proto[32], src[ENDPOINT_TEXT_MAX], dst[ENDPOINT_TEXT_MAX];

	put_proto(proto, sizeof(proto), row);
	end_address(src, &row->src);
	end_address(dst, &row->dst);
	snprintf(out, ROW_TEXT_MAX, "%s %s %s", proto, src, dst);
}

/* Protocols that the language knows by name; the others go by number. */
static void put_capture_proto(char *out, size_t cap, const struct flow_row *row)
{
	static const uint8_t known[] = {PROTO_TCP, PROTO_UDP, PROTO_SCTP, PROTO_ICMP, PROTO_ICMPV6};

	for (size_t i = 0; i < sizeof(known); i++) {
		if (row->proto == known[i]) {
			snprintf(out, cap, "%s", proto_name(row->proto));
			return;
		}
	}
	snprintf(out, cap, "%s proto %u", row->ip_version == 6 ? "ip6" : "ip", row->proto);
}

static size_t put_capture_end(char out[ROW_TEXT_MAX], size_t len, const struct flow_row *row,
			      const struct flow_end_row *end)
{
	bool ports = row->proto == PROTO_TCP || row->proto == PROTO_UDP || row->proto == PROTO_SCTP;
	char addr[ADDR_TEXT_MAX];

	addr_format(addr, &end->addr);
	len += (size_t)snprintf(out + len, ROW_TEXT_MAX - len, " and host %s", addr);
	if (ports && end->port != ROW_ABSENT)
		len += (size_t)snprintf(out + len, ROW_TEXT_MAX - len, " and port %u",
					(unsigned)end->port);
	return len;
}

void row_text_capture_filter(char out[ROW_TEXT_MAX], const struct flow_row *row)
{
	size_t len;

	put_capture_proto(out, ROW_TEXT_MAX, row);
	len = put_capture_end(out, strlen(out), row, &row->src);
	put_capture_end(out, len, row, &row->dst);
}
