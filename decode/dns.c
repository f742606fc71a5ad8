/* SPDX-License-Identifier: MIT
 *
 * DNS messages (RFC 1035 4.1, RFC 3596).
 *
 *   header:   id (2) | QR (1 bit) opcode (4) AA TC RD RA Z AD CD rcode (4) | four counts (2 each)
 *   question: name | type (2) | class (2)
 *   record:   name | type (2) | class (2) | ttl (4) | length (2) | data
 *   name:     labels, each with a length (1) before it; ends with an empty one, or with a pointer
 *             (two bits 1, offset in 14) to the rest of it earlier in the message
 */
#include "decode/dns.h"

#include "base/vis.h"

enum { LABEL_MAX = 63, POINTER = 0xc0, CLASS_IN = 1, CLASS_MASK = 0x7fff /* RFC 6762 10.2 */ };

struct record {
	uint16_t name_at, type, class;
	uint32_t ttl_s;
	struct cursor data;
};

/* Step over a name without following it. */
static bool skip_name(struct cursor *c)
{
	for (;;) {
		uint8_t n = cursor_u8(c);

		if (n == 0 || n >= POINTER) {
			cursor_skip(c, n ? 1 : 0);
			return !c->bad;
		}
		if (n > LABEL_MAX)
			cursor_fail(c);
		cursor_skip(c, n);
	}
}

/* The caller has made sure that even a label of dots fits. */
static void put_label(struct dns_name *out, const uint8_t *label, size_t n)
{
	if (out->len)
		out->text[out->len++] = '.';
	for (size_t i = 0; i < n; i++) {
		if (label[i] == '.' || label[i] == '\\')
			out->text[out->len++] = '\\';
		out->text[out->len++] = (char)label[i];
	}
}

/* Each run of labels must begin before the one that points to it: the walk ends. */
static bool expand(struct cursor message, size_t begin, struct dns_name *out)
{
	struct cursor c = message;
	size_t wire = 1;

	out->len = 0;
	cursor_skip(&c, begin);
	for (;;) {
		uint8_t n = cursor_u8(&c);
		const uint8_t *label;

		if (n >= POINTER) {
			size_t at = (size_t)(n & ~POINTER) << 8 | cursor_u8(&c);

			if (c.bad || at >= begin)
				return false;
			begin = at;
			c = message;
			cursor_skip(&c, at);
			continue;
		}
		if (c.bad || n > LABEL_MAX)
			return false;
		if (n == 0)
			break;
		label = cursor_bytes(&c, n);
		wire += 1u + n;
		if (!label || wire > DNS_WIRE_MAX)
			return false;
		put_label(out, label, n);
	}
	if (!out->len)
		out->text[out->len++] = '.';
	return true;
}

bool dns_name(struct cursor message, struct cursor *c, struct dns_name *out)
{
	size_t begin = (size_t)(c->p - message.p);

	return skip_name(c) && expand(message, begin, out);
}

bool dns_name_at(struct cursor message, uint16_t offset, struct dns_name *out)
{
	return expand(message, offset, out);
}

bool dns_question(struct cursor message, struct cursor *c, struct dns_name *name, uint16_t *type,
		  uint16_t *class)
{
	if (!dns_name(message, c, name))
		return false;
	*type = cursor_be16(c);
	*class = cursor_be16(c);
	return !c->bad;
}

static bool record(struct cursor message, struct cursor *c, struct record *r)
{
	r->name_at = (uint16_t)(c->p - message.p);
	if (!skip_name(c))
		return false;
	r->type = cursor_be16(c);
	r->class = cursor_be16(c);
	r->ttl_s = cursor_be32(c);
	r->data = cursor_sub(c, cursor_be16(c));
	return !c->bad;
}

static void keep_address(struct dns_message *m, const struct record *r)
{
	struct cursor data = r->data;
	size_t n = r->type == DNS_A ? 4 : 16;
	struct dns_answer *a;
	const uint8_t *p;

	if ((r->type != DNS_A && r->type != DNS_AAAA) || (r->class & CLASS_MASK) != CLASS_IN)
		return;
	if (cursor_left(&data) != n || m->answer_count == DNS_ANSWERS_MAX)
		return;
	p = cursor_bytes(&data, n);
	a = &m->answers[m->answer_count++];
	a->addr = n == 4 ? addr_v4(p) : addr_v6(p);
	a->ttl_s = r->ttl_s;
	a->name_at = r->name_at;
}

static bool questions(struct cursor message, struct cursor *c, struct dns_message *m)
{
	struct dns_name more;
	uint16_t type, class;

	if (m->count[0] && !dns_question(message, c, &m->question, &m->type, &m->class)) {
		m->question.len = 0;
		return false;
	}
	for (unsigned i = 1; i < m->count[0]; i++)
		if (!dns_question(message, c, &more, &type, &class))
			return false;
	return true;
}

static bool records(struct cursor message, struct cursor *c, struct dns_message *m)
{
	struct record r;

	for (unsigned section = 1; section < 4; section++) {
		for (unsigned i = 0; i < m->count[section]; i++) {
			if (!record(message, c, &r))
				return false;
			if (section == 1)
				keep_address(m, &r);
		}
	}
	return true;
}

bool dns_parse_header(struct cursor *c, struct dns_message *out)
{
	out->id = cursor_be16(c);
	out->flags = cursor_be16(c);
	for (unsigned i = 0; i < 4; i++)
		out->count[i] = cursor_be16(c);
	if (c->bad)
		return false;
	out->response = out->flags & 0x8000;
	out->opcode = out->flags >> 11 & 15;
	out->truncated = out->flags & 0x0200;
	out->rcode = out->flags & 15;
	return true;
}

bool dns_parse(struct cursor message, struct dns_message *out)
{
	struct cursor c = message;

	if (!dns_parse_header(&c, out))
		return false;
	out->type = out->class = 0;
	out->question.len = 0;
	out->answer_count = 0;
	out->whole = questions(message, &c, out) && records(message, &c, out) && !cursor_left(&c);
	return true;
}

static bool is_escape(const char *in, size_t left)
{
	return left >= 2 && in[0] == '\\' && (in[1] == '.' || in[1] == '\\');
}

size_t dns_vis(char *out, size_t cap, const void *text, size_t n)
{
	const char *in = text;
	size_t len = 0, i = 0;

	out[0] = '\0';
	while (i < n) {
		size_t run = 0;

		while (i + run < n && !is_escape(in + i + run, n - i - run))
			run++;
		len += vis(out + len, cap - len, in + i, run);
		i += run;
		if (i == n || cap - len <= 2)
			break;
		out[len++] = in[i++];
		out[len++] = in[i++];
		out[len] = '\0';
	}
	return len;
}
