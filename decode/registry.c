/* SPDX-License-Identifier: MIT
 *
 * The loop from one header to the next, and the verdict when it ends.
 *
 * The rows' keys go into one small hash table (open addressing), because the numbers of all spaces
 * are sparse and a table of a few KiB stays in the first-level cache.
 *
 * Rules for what ends badly:
 * - a cursor that ran over is "truncated" when the snap length cut the layer, else "malformed";
 * - once IP addresses are known the frame is in a flow, and trouble becomes an anomaly;
 * - trouble inside a tunnel, before the inner ports are known, leaves the frame in the flow of the
 *   carrier: the innermost 5-tuple that could be read.
 */
#include "decode/decode.h"

#include <assert.h>
#include <string.h>

#include "decode/decoders.h"
#include "decode/layer.h"
#include "decode/straight.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct decoder rows[] = {
#define X(id, ref, ...)                                                                            \
	{.name = #id,                                                                              \
	 .reference = ref,                                                                         \
	 .fn = dec_##id,                                                                           \
	 .keys = {__VA_ARGS__},                                                                    \
	 .key_count = COUNT(((struct decoder_key[]){__VA_ARGS__}))},
	DECODER_ROWS(X)
#undef X
};

struct slot {
	uint32_t key; /* space << 16 | type */
	decode_fn fn; /* NULL marks an empty slot */
};

enum { SLOT_BITS = 9, SLOTS = 1 << SLOT_BITS };

/* Written once by decode_init, before the first frame and before any thread. */
static struct slot table[SLOTS];

static inline uint32_t slot_of(uint32_t key)
{
	return key * 0x9e3779b1u >> (32 - SLOT_BITS); /* Fibonacci hashing */
}

static inline decode_fn lookup(uint32_t space, uint16_t type)
{
	uint32_t key = space << 16 | type;
	uint32_t i = slot_of(key);

	/* An empty slot may seem to hold the key 0: it has no function, as it should. */
	while (table[i].key != key && table[i].fn)
		i = (i + 1) % SLOTS;
	return table[i].fn;
}

static void add_key(struct decoder_key k, decode_fn fn)
{
	uint32_t key = (uint32_t)k.space << 16 | k.type;
	uint32_t i = slot_of(key);

	while (table[i].fn) {
		assert(table[i].key != key || table[i].fn == fn);
		if (table[i].key == key)
			return;
		i = (i + 1) % SLOTS;
	}
	table[i] = (struct slot){.key = key, .fn = fn};
}

void decode_init(void)
{
	for (unsigned r = 0; r < COUNT(rows); r++)
		for (unsigned k = 0; k < rows[r].key_count; k++)
			add_key(rows[r].keys[k], rows[r].fn);
}

const struct decoder *decoders(unsigned *count)
{
	*count = COUNT(rows);
	return rows;
}

bool decode_known(enum decode_space space, uint16_t type)
{
	return lookup(space, type) != NULL;
}

static void back_to_carrier(struct decode *d)
{
	struct packet *p = d->packet;
	uint32_t anomalies = p->anomalies;
	uint8_t layers = p->layers;

	memcpy(p, d->carrier, PACKET_HEAD);
	p->anomalies |= anomalies;
	p->layers = layers;
}

/* Why the loop ended without a complete packet, and the anomaly when the packet is in a flow. */
static void note_failure(struct decode *d, enum decode_status status, uint32_t anomalies_before)
{
	struct packet *p = d->packet;
	bool truncated = d->c.bad && d->cut;

	if (status == DECODE_UNKNOWN) {
		decode_other(d, PACKET_UNKNOWN_TYPE);
		return;
	}
	decode_other(d, truncated ? PACKET_TRUNCATED : PACKET_MALFORMED);
	if (truncated)
		packet_anomaly(p, ANOMALY_CUT);
	else if (p->anomalies == anomalies_before)
		packet_anomaly(p, ANOMALY_LINK_HEADER);
}

static void note_unnamed(struct decode *d)
{
	decode_other(d,
		     d->next_space == SPACE_LINKTYPE ? PACKET_UNKNOWN_LINK : PACKET_UNKNOWN_TYPE);
}

/* false when the last layer was not what it was taken for, or could not be read. */
static bool decode_layers(struct decode *d)
{
	struct packet *p = d->packet;
	enum decode_status status;
	uint32_t anomalies;

	do {
		decode_fn fn = lookup(d->next_space, d->next_type);

		if (!fn) {
			note_unnamed(d);
			return true;
		}
		if (p->layers == PACKET_MAX_LAYERS) {
			decode_other(d, PACKET_TOO_DEEP);
			packet_anomaly(p, ANOMALY_DEPTH);
			return false;
		}
		p->layers++;
		anomalies = p->anomalies;
		status = fn(d);
	} while (status == DECODE_NEXT && !d->c.bad);

	if (status == DECODE_DONE && !d->c.bad)
		return true;
	note_failure(d, status, anomalies);
	return false;
}

static void start(struct packet *p, uint32_t caplen, uint32_t wirelen)
{
	/* Copied, because compilers make a slow string instruction of a memset of this size. */
	static const struct packet blank = {.other = PACKET_EMPTY};

	memcpy(p, &blank, PACKET_HEAD);
	p->caplen = caplen;
	p->wirelen = wirelen;
	p->quote.proto = 0;
}

static void decode_by_layers(struct packet *p, uint16_t linktype, const uint8_t *data)
{
	struct packet carrier; /* written and read only for tunnels */
	struct decode d;
	bool whole;

	d.packet = p;
	d.carrier = &carrier;
	d.tunnelled = false;
	d.c = cursor_init(data, p->caplen);
	d.cut = p->wirelen > p->caplen ? p->wirelen - p->caplen : 0;
	d.next_space = SPACE_LINKTYPE;
	d.next_type = linktype;
	if (!layer_left(&d))
		return;
	whole = decode_layers(&d);
	if (d.tunnelled && !p->has_ports && (!whole || !p->ip_version))
		back_to_carrier(&d);
}

void decode_frame(struct packet *p, uint16_t linktype, const uint8_t *data, uint32_t caplen,
		  uint32_t wirelen, int64_t time_ns)
{
	if (linktype != LINKTYPE_ETHERNET || !decode_straight(p, data, caplen, wirelen)) {
		start(p, caplen, wirelen);
		decode_by_layers(p, linktype, data);
	}
	p->time_ns = time_ns;
}

bool decode_transport(struct packet *p, uint8_t proto, const uint8_t *data, uint32_t len)
{
	struct packet carrier; /* a fragment header inside could end the fragment, and open a tunnel */
	struct decode d = {.packet = p, .carrier = &carrier, .c = cursor_init(data, len)};

	p->other = PACKET_IN_FLOW;
	p->proto = proto;
	p->fragment = true;
	decode_next(&d, SPACE_IP, proto);
	packet_payload(&d);
	decode_layers(&d);
	return p->has_ports && p->fragment && !p->fragment_offset && !d.tunnelled;
}
