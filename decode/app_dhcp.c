/* SPDX-License-Identifier: MIT
 *
 * DHCP (RFC 2131, options RFC 2132 and 4702) and DHCPv6 (RFC 8415, name RFC 4704): the name a host
 * gives itself.
 *
 *   DHCP:   op (1) | hardware type, length (2) | ... to byte 236 | magic 63 82 53 63 | options
 *           option: code (1) | length (1) | data; 0 pads, 255 ends
 *   DHCPv6: message type (1) | transaction (3) | options; relayed: type, hops (2) | addresses (32)
 * | options; option: code (2) | length (2) | data
 */
#include "decode/app_rows.h"

enum {
	BOOTP_HEADER = 236,
	MAGIC = 0x63825363,
	OPTION_PAD = 0,
	OPTION_HOST_NAME = 12,
	OPTION_FQDN = 81,
	OPTION_END = 255,
	FQDN_HEADER = 3,   /* flags, two result codes */
	FQDN_ENCODED = 4,  /* flag: labels as in DNS, not text */
	HARDWARE_MAX = 16, /* longest hardware address */
	V6_MESSAGE_MAX = 36,
	V6_RELAY_FORWARD = 12,
	V6_RELAY_REPLY = 13,
	V6_OPTION_RELAYED = 9,
	V6_OPTION_FQDN = 39,
	V6_RELAYS_MAX = 4,
	NAME_MAX_BYTES = 255,
};

/* Labels as in DNS, without pointers, as "host.example". */
static void labels(struct cursor c, const struct app_sink *sink)
{
	char name[NAME_MAX_BYTES];
	size_t n = 0;

	while (cursor_left(&c) && *c.p) {
		size_t len = cursor_u8(&c);
		const uint8_t *label = cursor_bytes(&c, len);

		if (!label || len > 63 || n + len + 1 > sizeof(name))
			return;
		if (n)
			name[n++] = '.';
		for (size_t i = 0; i < len; i++)
			name[n++] = (char)label[i];
	}
	app_fact(sink, FACT_DHCP_HOST, name, n);
}

static void fqdn(struct cursor c, const struct app_sink *sink)
{
	uint8_t flags = cursor_u8(&c);

	cursor_skip(&c, FQDN_HEADER - 1);
	if (flags & FQDN_ENCODED)
		labels(c, sink);
	else
		app_fact(sink, FACT_DHCP_HOST, c.p, cursor_left(&c));
}

static void options(struct cursor c, const struct app_sink *sink)
{
	struct cursor full_name = cursor_init(c.p, 0);

	while (cursor_left(&c)) {
		uint8_t code = cursor_u8(&c);
		struct cursor data;

		if (code == OPTION_END)
			break;
		if (code == OPTION_PAD)
			continue;
		data = cursor_sub(&c, cursor_u8(&c));
		if (code == OPTION_HOST_NAME && cursor_left(&data)) {
			app_fact(sink, FACT_DHCP_HOST, data.p, cursor_left(&data));
			return;
		}
		if (code == OPTION_FQDN)
			full_name = data;
	}
	if (cursor_left(&full_name) > FQDN_HEADER)
		fqdn(full_name, sink);
}

enum app_status app_dhcp(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data;
	uint8_t op = cursor_u8(&c), address_len;

	cursor_skip(&c, 1);
	address_len = cursor_u8(&c);
	cursor_skip(&c, BOOTP_HEADER - 3);
	if ((op != 1 && op != 2) || address_len > HARDWARE_MAX || cursor_be32(&c) != MAGIC)
		return APP_NO;
	options(c, sink);
	return APP_DONE;
}

/* The value of an option of DHCPv6; false when there is none. */
static bool v6_option(struct cursor c, uint16_t wanted, struct cursor *data)
{
	while (cursor_left(&c)) {
		uint16_t code = cursor_be16(&c);

		*data = cursor_sub(&c, cursor_be16(&c));
		if (c.bad)
			return false;
		if (code == wanted)
			return true;
	}
	return false;
}

enum app_status app_dhcpv6(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data, name;

	for (unsigned relays = 0; relays < V6_RELAYS_MAX; relays++) {
		uint8_t type = cursor_u8(&c);
		bool relayed = type == V6_RELAY_FORWARD || type == V6_RELAY_REPLY;

		cursor_skip(&c, relayed ? 33 : 3);
		if (c.bad || type == 0 || type > V6_MESSAGE_MAX)
			return relays ? APP_DONE : APP_NO;
		if (!relayed)
			break;
		if (!v6_option(c, V6_OPTION_RELAYED, &c))
			return APP_DONE;
	}
	if (v6_option(c, V6_OPTION_FQDN, &name)) {
		cursor_skip(&name, 1); /* flags */
		labels(name, sink);
	}
	return APP_DONE;
}
