/* SPDX-License-Identifier: MIT */
#include "report/ipfix.h"

#include <string.h>

#include "report/formats.h"

enum { VERSION = 10, HEADER = 16, SET_HEADER = 4, SET_TEMPLATES = 2, TEMPLATE_V4 = 256, TEMPLATE_V6 };
enum { VARIABLE = 0xffff, ENTERPRISE = 0x8000, NAME_MAX_BYTES = 64 };
#define SECOND_NS 1000000000ll
#define NTP_1970 2208988800u /* seconds from 1900 */
enum { PEN_NONE = 0, PEN_REVERSE = 29305, PEN_NTOP = 35632 };

/* --- bytes ------------------------------------------------------------------------------------ */

static uint8_t *put16(uint8_t *w, uint16_t v)
{
	w[0] = (uint8_t)(v >> 8);
	w[1] = (uint8_t)v;
	return w + 2;
}

static uint8_t *put32(uint8_t *w, uint32_t v)
{
	return put16(put16(w, (uint16_t)(v >> 16)), (uint16_t)v);
}

static uint8_t *put64(uint8_t *w, uint64_t v)
{
	return put32(put32(w, (uint32_t)(v >> 32)), (uint32_t)v);
}

static uint64_t known(int64_t v)
{
	return v == ROW_ABSENT ? 0 : (uint64_t)v;
}

/* Length, then bytes, cut at a whole character (RFC 7011 7). */
static uint8_t *put_text(uint8_t *w, const char *text)
{
	size_t n = strlen(text);

	if (n > NAME_MAX_BYTES)
		for (n = NAME_MAX_BYTES; n && ((uint8_t)text[n] & 0xc0) == 0x80;)
			n--;
	*w++ = (uint8_t)n;
	memcpy(w, text, n);
	return w + n;
}

/* --- values of elements ----------------------------------------------------------------------- */

typedef uint8_t *(*element_fn)(uint8_t *w, const struct part *p);

static uint8_t *start_ms(uint8_t *w, const struct part *p)
{
	return put64(w, known(p->start_ns) / 1000000);
}

static uint8_t *end_ms(uint8_t *w, const struct part *p)
{
	return put64(w, known(p->row->end_ns) / 1000000);
}

/* Seconds since 1900 and a fraction of 32 bits, rounded up so that it reads back as it was (RFC 7011 6.1.10). */
static uint8_t *put_ntp(uint8_t *w, int64_t ns)
{
	uint64_t since_1970 = known(ns) / SECOND_NS, rest = known(ns) % SECOND_NS;

	w = put32(w, (uint32_t)(since_1970 + NTP_1970));
	return put32(w, (uint32_t)(((rest << 32) + SECOND_NS - 1) / SECOND_NS));
}

static uint8_t *start_ns(uint8_t *w, const struct part *p)
{
	return put_ntp(w, p->start_ns);
}

static uint8_t *end_ns(uint8_t *w, const struct part *p)
{
	return put_ntp(w, p->row->end_ns);
}

static uint8_t *flow_id(uint8_t *w, const struct part *p)
{
	return put64(w, p->row->id);
}

static uint8_t *src_v4(uint8_t *w, const struct part *p)
{
	return (uint8_t *)memcpy(w, p->row->src.addr.b + 12, 4) + 4;
}

static uint8_t *dst_v4(uint8_t *w, const struct part *p)
{
	return (uint8_t *)memcpy(w, p->row->dst.addr.b + 12, 4) + 4;
}

static uint8_t *src_v6(uint8_t *w, const struct part *p)
{
	return (uint8_t *)memcpy(w, p->row->src.addr.b, 16) + 16;
}

static uint8_t *dst_v6(uint8_t *w, const struct part *p)
{
	return (uint8_t *)memcpy(w, p->row->dst.addr.b, 16) + 16;
}

static uint8_t *src_port(uint8_t *w, const struct part *p)
{
	return put16(w, (uint16_t)known(p->row->src.port));
}

static uint8_t *dst_port(uint8_t *w, const struct part *p)
{
	return put16(w, (uint16_t)known(p->row->dst.port));
}

static uint8_t *proto(uint8_t *w, const struct part *p)
{
	*w = p->row->proto;
	return w + 1;
}

static uint8_t *icmp_type_code(uint8_t *w, const struct part *p)
{
	return put16(w, (uint16_t)(known(p->row->icmp_type) << 8 | known(p->row->icmp_code)));
}

/* What the history tells of one end's flags: its letters are upper case for the originator. */
static uint8_t flags_of(const struct flow_row *row, bool responder)
{
	static const struct {
		char letter;
		uint8_t flags;
	} letters[] = {{'S', 0x02}, {'H', 0x12}, {'A', 0x10}, {'D', 0x10}, {'F', 0x11}, {'R', 0x04}};
	uint8_t flags = 0;

	for (const char *c = row->history; row->proto == PROTO_TCP && *c; c++)
		for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++)
			if (*c == letters[i].letter + (responder ? 'a' - 'A' : 0))
				flags |= letters[i].flags;
	return flags;
}

static uint8_t *flags(uint8_t *w, const struct part *p)
{
	*w = flags_of(p->row, false);
	return w + 1;
}

static uint8_t *flags_reverse(uint8_t *w, const struct part *p)
{
	*w = flags_of(p->row, true);
	return w + 1;
}

static uint8_t *octets(uint8_t *w, const struct part *p)
{
	return put64(w, (uint64_t)p->counts[0].ip_bytes);
}

static uint8_t *packets(uint8_t *w, const struct part *p)
{
	return put64(w, (uint64_t)p->counts[0].packets);
}

static uint8_t *octets_reverse(uint8_t *w, const struct part *p)
{
	return put64(w, (uint64_t)p->counts[1].ip_bytes);
}

static uint8_t *packets_reverse(uint8_t *w, const struct part *p)
{
	return put64(w, (uint64_t)p->counts[1].packets);
}

static uint8_t *vlan(uint8_t *w, const struct part *p)
{
	return put16(w, p->row->vlan_count ? p->row->vlan[0] : 0);
}

static uint8_t *end_reason(uint8_t *w, const struct part *p)
{
	*w = p->end;
	return w + 1;
}

static uint8_t *by_initiator(uint8_t *w, const struct part *p)
{
	*w = p->row->originator == ORIGINATOR_SYN || p->row->originator == ORIGINATOR_CONNECT;
	return w + 1;
}

static uint8_t *application(uint8_t *w, const struct part *p)
{
	return put_text(w, p->row->app);
}

static uint8_t *interface(uint8_t *w, const struct part *p)
{
	return put_text(w, p->row->interface);
}

static uint8_t *src_pid(uint8_t *w, const struct part *p)
{
	return put32(w, (uint32_t)known(p->row->src.process.pid));
}

static uint8_t *src_process(uint8_t *w, const struct part *p)
{
	return put_text(w, p->row->src.process.name);
}

static uint8_t *src_user(uint8_t *w, const struct part *p)
{
	return put_text(w, p->row->src.process.user);
}

static uint8_t *dst_pid(uint8_t *w, const struct part *p)
{
	return put32(w, (uint32_t)known(p->row->dst.process.pid));
}

static uint8_t *dst_process(uint8_t *w, const struct part *p)
{
	return put_text(w, p->row->dst.process.name);
}

static uint8_t *dst_user(uint8_t *w, const struct part *p)
{
	return put_text(w, p->row->dst.process.user);
}

/* --- templates -------------------------------------------------------------------------------- */

struct element {
	uint16_t id, len; /* len: bytes, or VARIABLE */
	uint32_t pen;
	element_fn put;
};

/*
 * IANA's elements and their reverses; tcpControlBits in one octet, which all collectors take. Times twice:
 * nfcapd and nfacctd read milliseconds only, and to those who read nanoseconds they tell more.
 */
#define ELEMENTS(src, dst, address_bytes, src_id, dst_id, icmp_id)                                 \
	{                                                                                             \
		{152, 8, PEN_NONE, start_ms},                                                         \
		{153, 8, PEN_NONE, end_ms},                                                           \
		{156, 8, PEN_NONE, start_ns},                                                         \
		{157, 8, PEN_NONE, end_ns},                                                           \
		{148, 8, PEN_NONE, flow_id},                                                          \
		{src_id, address_bytes, PEN_NONE, src},                                               \
		{dst_id, address_bytes, PEN_NONE, dst},                                               \
		{7, 2, PEN_NONE, src_port},                                                           \
		{11, 2, PEN_NONE, dst_port},                                                          \
		{4, 1, PEN_NONE, proto},                                                              \
		{6, 1, PEN_NONE, flags},                                                              \
		{1, 8, PEN_NONE, octets},                                                             \
		{2, 8, PEN_NONE, packets},                                                            \
		{icmp_id, 2, PEN_NONE, icmp_type_code},                                               \
		{58, 2, PEN_NONE, vlan},                                                              \
		{136, 1, PEN_NONE, end_reason},                                                       \
		{239, 1, PEN_NONE, by_initiator},                                                     \
		{6, 1, PEN_REVERSE, flags_reverse},                                                   \
		{1, 8, PEN_REVERSE, octets_reverse},                                                  \
		{2, 8, PEN_REVERSE, packets_reverse},                                                 \
		{96, VARIABLE, PEN_NONE, application},                                                \
		{82, VARIABLE, PEN_NONE, interface},                                                  \
		{168, 4, PEN_NTOP, src_pid},                                                          \
		{169, VARIABLE, PEN_NTOP, src_process},                                               \
		{372, VARIABLE, PEN_NTOP, src_user},                                                  \
		{375, 4, PEN_NTOP, dst_pid},                                                          \
		{376, VARIABLE, PEN_NTOP, dst_process},                                               \
		{377, VARIABLE, PEN_NTOP, dst_user},                                                  \
	}

static const struct element of_v4[] = ELEMENTS(src_v4, dst_v4, 4, 8, 12, 32);
static const struct element of_v6[] = ELEMENTS(src_v6, dst_v6, 16, 27, 28, 139);
enum { ELEMENT_COUNT = sizeof(of_v4) / sizeof(of_v4[0]) };

static uint8_t *put_template(uint8_t *w, uint16_t id, const struct element *e)
{
	w = put16(put16(w, id), ELEMENT_COUNT);
	for (unsigned i = 0; i < ELEMENT_COUNT; i++) {
		w = put16(w, e[i].pen ? e[i].id | ENTERPRISE : e[i].id);
		w = put16(w, e[i].len);
		if (e[i].pen)
			w = put32(w, e[i].pen);
	}
	return w;
}

/* --- messages --------------------------------------------------------------------------------- */

void ipfix_init(struct ipfix *x, uint32_t domain)
{
	*x = (struct ipfix){.domain = domain};
}

static void close_set(struct ipfix *x)
{
	if (x->set)
		put16(x->message + x->set + 2, (uint16_t)(x->len - x->set));
	x->set = 0;
}

static void open_set(struct ipfix *x, uint16_t id)
{
	close_set(x);
	x->set = x->len;
	x->set_id = id;
	put16(x->message + x->len, id);
	x->len += SET_HEADER;
}

static void put_templates(struct ipfix *x)
{
	uint8_t *w;

	open_set(x, SET_TEMPLATES);
	w = put_template(x->message + x->len, TEMPLATE_V4, of_v4);
	w = put_template(w, TEMPLATE_V6, of_v6);
	x->len = (size_t)(w - x->message);
	close_set(x);
}

static void begin_message(struct ipfix *x)
{
	x->len = HEADER;
	x->records = 0;
	x->time_ns = 0;
	if (!x->bare && x->messages % IPFIX_TEMPLATES_EVERY == 0)
		put_templates(x);
}

static size_t put_record(uint8_t out[IPFIX_RECORD_MAX], const struct element *e,
			 const struct part *p)
{
	uint8_t *w = out;

	for (unsigned i = 0; i < ELEMENT_COUNT; i++)
		w = e[i].put(w, p);
	return (size_t)(w - out);
}

bool ipfix_add(struct ipfix *x, const struct part *p)
{
	const struct flow_row *row = p->row;
	bool v4 = addr_is_v4(&row->src.addr) && addr_is_v4(&row->dst.addr);
	uint16_t id = v4 ? TEMPLATE_V4 : TEMPLATE_V6;
	uint8_t record[IPFIX_RECORD_MAX];
	size_t n = put_record(record, v4 ? of_v4 : of_v6, p);

	if (!x->len)
		begin_message(x);
	if (x->len + SET_HEADER + n > sizeof(x->message))
		return false;
	if (!x->set || x->set_id != id)
		open_set(x, id);
	memcpy(x->message + x->len, record, n);
	x->len += n;
	x->records++;
	if (row->end_ns > x->time_ns)
		x->time_ns = row->end_ns;
	return true;
}

void ipfix_stamp(uint8_t *message, uint32_t seconds, uint32_t sequence, uint32_t domain)
{
	put32(put32(put32(message + 4, seconds), sequence), domain);
}

size_t ipfix_take(struct ipfix *x)
{
	size_t len = x->len;

	if (!len)
		return 0;
	close_set(x);
	put16(put16(x->message, VERSION), (uint16_t)len);
	ipfix_stamp(x->message, (uint32_t)(x->time_ns / SECOND_NS), x->sequence, x->domain);
	x->sequence += x->records;
	x->messages++;
	x->len = 0;
	return len;
}

size_t ipfix_templates(struct ipfix *x)
{
	*x = (struct ipfix){.bare = true};
	begin_message(x);
	put_templates(x);
	return ipfix_take(x);
}
