/* SPDX-License-Identifier: MIT
 *
 * Any fragments in any order, against a model that is too simple to be wrong: a map of bytes for
 * each datagram, the first to come stays, one end. What is handed out must be the model's bytes,
 * when the model is whole, and not before. With little memory datagrams are given up at any time:
 * then only the bytes are compared.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "flow/reassembly.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	RECORD = 4,
	DATAGRAMS = 4,
	UNIT = 8,
	UNITS = 128,
	MODEL = UNITS * UNIT,
	LITTLE_MEMORY = 6000,
};

static const int64_t second_ns = 1000000000, lifetime_ns = 30000000000;

struct model {
	uint8_t bytes[MODEL];
	bool has[UNITS];
	uint32_t end, total; /* total 0 = not known */
	int64_t since_ns;
	bool begun;
};

struct models {
	struct model of[DATAGRAMS];
	bool exact; /* there is memory for all */
	/* Each byte says where it belongs, but for its highest bit, in which contradictions differ.
	 */
	uint8_t pattern[2][MODEL];
};

static bool is_whole(const struct model *m)
{
	return m->total && !memchr(m->has, false, (m->total + UNIT - 1) / UNIT);
}

static void compare(const struct models *ms, const struct reassembled *r)
{
	const struct model *m = &ms->of[r->datagram.id];

	assert(r->len > 0 && r->len <= MODEL);
	if (ms->exact)
		assert(memcmp(r->data, m->bytes, r->len) == 0);
	for (uint32_t i = 0; i < r->len && !ms->exact; i++)
		assert((r->data[i] & 0x7f) == (i & 0x7f));
}

static void on_given_up(void *owner, const struct reassembled *beginning)
{
	struct models *ms = owner;
	struct model *m = &ms->of[beginning->datagram.id];

	compare(ms, beginning);
	assert(!ms->exact || (m->begun && !is_whole(m)));
}

/* What the model knows after a fragment; false when that is contradicted, and not taken. */
static bool take(struct model *m, uint32_t offset, const uint8_t *bytes, uint32_t len, bool last)
{
	uint32_t end = offset + len;

	if (m->total && end > m->total)
		return false;
	if (last && (end < m->end || (m->total && m->total != end)))
		return false;
	for (uint32_t i = 0; i < len; i += UNIT) {
		bool *has = &m->has[(offset + i) / UNIT];

		if (!*has)
			memcpy(m->bytes + offset + i, bytes + i, len - i < UNIT ? len - i : UNIT);
		*has = true;
	}
	if (end > m->end)
		m->end = end;
	if (last)
		m->total = end;
	return true;
}

static void add(struct reassembly *r, struct models *ms, const uint8_t *b, int64_t *now_ns)
{
	const uint8_t *bytes;
	uint32_t offset = (b[1] & 63) * UNIT, len = (b[2] & 63) * UNIT;
	struct model *m = &ms->of[b[0] % DATAGRAMS];
	struct packet p = {
		.fragment = true, .piece_proto = PROTO_UDP, .fragment_id = b[0] % DATAGRAMS};
	struct reassembled whole = {.len = 0};
	enum reassembly_status status;

	p.fragment_more = !(b[2] & 64);
	if (!p.fragment_more)
		len += b[1] >> 6;
	bytes = ms->pattern[b[2] >> 7] + offset;
	*now_ns += (b[3] & 15) * second_ns;
	p.time_ns = *now_ns;
	p.fragment_offset = offset;
	p.piece = cursor_init(bytes, len);
	status = reassembly_add(r, &p, 0, &whole);
	if (*now_ns - m->since_ns > lifetime_ns)
		memset(m, 0, sizeof(*m));
	if (!m->begun && len)
		*m = (struct model){.begun = true, .since_ns = *now_ns};
	if (len)
		take(m, offset, bytes, len, !p.fragment_more);
	assert(!ms->exact || (status == REASSEMBLY_ALONE) == !len);
	assert(!ms->exact || (status == REASSEMBLY_WHOLE) == (len && is_whole(m)));
	if (status != REASSEMBLY_WHOLE)
		return;
	compare(ms, &whole);
	assert(!ms->exact || whole.len == m->total);
	memset(m, 0, sizeof(*m));
}

static void set_pattern(struct models *ms)
{
	for (unsigned i = 0; i < MODEL; i++) {
		ms->pattern[0][i] = i & 0x7f;
		ms->pattern[1][i] = (i & 0x7f) | 0x80;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct models ms; /* begun anew each time, but for the pattern */
	struct reassembly r;
	int64_t now_ns = 1000 * second_ns;

	if (!size)
		return 0;
	if (!ms.pattern[1][0])
		set_pattern(&ms);
	memset(ms.of, 0, sizeof(ms.of));
	ms.exact = true;
	reassembly_init(&r, on_given_up, &ms);
	if (data[0] & 1) {
		ms.exact = false;
		r.memory.max = LITTLE_MEMORY;
	}
	for (data++, size--; size >= RECORD; data += RECORD, size -= RECORD)
		add(&r, &ms, data, &now_ns);
	reassembly_advance(&r, INT64_MAX);
	assert(r.count == 0 && !r.oldest && !r.newest);
	reassembly_done(&r);
	return 0;
}
