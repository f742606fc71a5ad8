/* SPDX-License-Identifier: MIT
 *
 * DNS (RFC 1035, RFC 7766) and the three protocols that borrow its messages: multicast DNS (RFC
 * 6762), LLMNR (RFC 4795) and the NetBIOS name service (RFC 1002 4.2). Over a stream each message
 * has its length (2) before it.
 */
#include "decode/app_rows.h"
#include "decode/dns.h"

enum { MESSAGES_MAX = 64, QUESTIONS_MAX = 256 };

/* What a message of each protocol may hold. */
struct flavour {
	uint16_t opcodes; /* bit n: opcode n exists */
	uint16_t zeros;	  /* flags that must be 0 */
	bool netbios;	  /* names are NetBIOS names */
};

static const struct flavour dns_flavour = {
	.opcodes = 1 << 0 | 1 << 1 | 1 << 2 | 1 << 4 | 1 << 5 | 1 << 6, .zeros = 0x0040};
static const struct flavour mdns_flavour = {.opcodes = 1 << 0, .zeros = 0};
static const struct flavour llmnr_flavour = {.opcodes = 1 << 0, .zeros = 0x00f0};
static const struct flavour nbns_flavour = {
	.opcodes = 1 << 0 | 1 << 5 | 1 << 6 | 1 << 7 | 1 << 8 | 1 << 9 | 1 << 15,
	.zeros = 0x0060,
	.netbios = true,
};

/*
 * RFC 1001 14.1: a NetBIOS name is 16 bytes, each half of each a letter from 'A'; the last byte is
 * the kind of service, and spaces fill the rest. Names that are not coded so stay as they are.
 */
static void decode_netbios(struct dns_name *name)
{
	enum { BYTES = 15 };
	uint16_t len = 0;

	if (name->len < 2 * (BYTES + 1))
		return;
	for (unsigned i = 0; i < 2 * (BYTES + 1); i++)
		if (name->text[i] < 'A' || name->text[i] > 'P')
			return;
	for (unsigned i = 0; i < BYTES; i++) {
		name->text[i] =
			(char)((name->text[2 * i] - 'A') << 4 | (name->text[2 * i + 1] - 'A'));
		if (name->text[i] != ' ' && name->text[i] != '\0')
			len = (uint16_t)(i + 1);
	}
	name->len = len;
}

static void emit_name(struct dns_name *name, const struct flavour *f, const struct app_sink *sink)
{
	if (f->netbios)
		decode_netbios(name);
	app_fact(sink, FACT_DNS, name->text, name->len);
}

static void emit(struct cursor message, const struct dns_message *m, const struct flavour *f,
		 const struct app_sink *sink)
{
	struct cursor c = message;
	struct dns_name name;
	uint16_t type, class;

	cursor_skip(&c, DNS_HEADER);
	for (unsigned i = 0; i < m->count[0] && i < QUESTIONS_MAX; i++) {
		if (!dns_question(message, &c, &name, &type, &class))
			return;
		emit_name(&name, f, sink);
	}
	/* Announcements ask nothing. */
	if (!m->count[0] && m->count[1] && dns_name(message, &c, &name))
		emit_name(&name, f, sink);
}

static bool known_class(uint16_t class)
{
	class &= 0x7fff; /* mDNS keeps a bit of its own there */
	return class == 1 || class == 3 || class == 4 || class == 254 || class == 255;
}

static bool plausible_flags(uint16_t flags, const struct flavour *f)
{
	return f->opcodes >> (flags >> 11 & 15) & 1 && !(flags & f->zeros);
}

/* Can it be such a message, by its header? Beyond the protocol's own port, read strictly. */
static bool plausible_header(const struct dns_message *m, const struct flavour *f, bool on_port)
{
	if (!plausible_flags(m->flags, f) || m->count[0] > QUESTIONS_MAX)
		return false;
	return on_port || (m->count[0] == 1 && (m->response || (!m->count[1] && !m->rcode)));
}

/*
 * Is it such a message, beyond its header? On its own port the rest may be cut or broken; elsewhere every byte must be
 * accounted for.
 */
static bool plausible(const struct dns_message *m, bool on_port)
{
	return on_port || (m->whole && known_class(m->class) && m->type);
}

static bool message(struct cursor c, const struct flavour *f, bool on_port,
		    const struct app_sink *sink)
{
	struct cursor header = c;
	struct dns_message m;

	/* Most of what is no such message shows it here, before its records are walked. */
	if (!dns_parse_header(&header, &m) || !plausible_header(&m, f, on_port))
		return false;
	if (!dns_parse(c, &m) || !plausible(&m, on_port))
		return false;
	emit(c, &m, f, sink);
	return true;
}

/* Can the beginning of a message over a stream become one? */
static bool promising(struct cursor c, bool on_port)
{
	struct cursor flags = c;
	struct dns_message m;

	cursor_skip(&flags, sizeof(m.id));
	if (cursor_left(&flags) >= sizeof(m.flags) &&
	    !plausible_flags(cursor_be16(&flags), &dns_flavour))
		return false;
	return !dns_parse_header(&c, &m) || plausible_header(&m, &dns_flavour, on_port);
}

static enum app_status stream(const struct app_input *in, const struct app_sink *sink)
{
	bool on_port = app_expected(in, APP_ID_dns);
	struct cursor c = in->data;

	for (unsigned i = 0; i < MESSAGES_MAX; i++) {
		size_t n = cursor_be16(&c), left = cursor_left(&c);

		if (c.bad)
			return i ? app_unfinished(in) : app_undecided(in);
		if (n > left && !in->final && n >= DNS_HEADER && promising(c, on_port))
			return APP_MORE;
		if (n < DNS_HEADER ||
		    !message(cursor_sub(&c, n < left ? n : left), &dns_flavour, on_port, sink))
			return i ? APP_DONE : APP_NO;
	}
	return APP_DONE;
}

enum app_status app_dns(const struct app_input *in, const struct app_sink *sink)
{
	if (!in->datagram)
		return stream(in, sink);
	return message(in->data, &dns_flavour, app_expected(in, APP_ID_dns), sink) ? APP_DONE
										   : APP_NO;
}

enum app_status app_mdns(const struct app_input *in, const struct app_sink *sink)
{
	return message(in->data, &mdns_flavour, true, sink) ? APP_DONE : APP_NO;
}

enum app_status app_llmnr(const struct app_input *in, const struct app_sink *sink)
{
	return message(in->data, &llmnr_flavour, true, sink) ? APP_DONE : APP_NO;
}

enum app_status app_nbns(const struct app_input *in, const struct app_sink *sink)
{
	return message(in->data, &nbns_flavour, true, sink) ? APP_DONE : APP_NO;
}
