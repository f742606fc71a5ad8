/* SPDX-License-Identifier: MIT
 *
 * Which application parsers are worth calling on a first payload.
 *
 * There are many and nearly all of them say no to the first bytes, so that answer is kept: a parser
 * that says no to the beginning of a stream says so to every stream that begins with it
 * (decode/app.h). It is kept for each first byte, and for the first eight that were seen again,
 * since most streams begin like others before them.
 */
#ifndef SOCKLENS_FLOW_CANDIDATES_H
#define SOCKLENS_FLOW_CANDIDATES_H

#include <stdbool.h>
#include <stdint.h>

#include "decode/app.h"

/* A set of parsers, by their index in app_parsers(). */
enum { APP_SET_WORDS = 2, APP_SET_MAX = APP_SET_WORDS * 64 };
struct app_set {
	uint64_t word[APP_SET_WORDS];
};

static inline bool app_set_is_empty(const struct app_set *s)
{
	return !(s->word[0] | s->word[1]);
}

static inline void app_set_add(struct app_set *s, unsigned id)
{
	s->word[id / 64] |= 1ull << id % 64;
}

static inline struct app_set app_set_and(struct app_set a, const struct app_set *b)
{
	return (struct app_set){{a.word[0] & b->word[0], a.word[1] & b->word[1]}};
}

static inline struct app_set app_set_minus(struct app_set a, const struct app_set *b)
{
	return (struct app_set){{a.word[0] & ~b->word[0], a.word[1] & ~b->word[1]}};
}

static inline struct app_set app_set_or(struct app_set a, const struct app_set *b)
{
	return (struct app_set){{a.word[0] | b->word[0], a.word[1] | b->word[1]}};
}

/* Take out the first one; -1 when there is none. */
int app_set_take(struct app_set *s);

/* Streams that begin with these bytes. */
struct beginning {
	uint64_t bytes;
	enum { BEGINNING_NONE, BEGINNING_SEEN, BEGINNING_ASKED } state;
	struct app_set may; /* take it, when that was asked */
};

enum { BEGINNING_BYTES = sizeof(uint64_t), BEGINNINGS = 256 };

struct candidates {
	struct app_set anywhere[2]; /* need no port; [1] of datagrams */
	struct app_set shown[2];    /* take streams, datagrams at all */
	struct app_set *of_port;    /* owned; on each class of ports; [0] is for ports of none */
	uint8_t *port_class;	    /* owned; 65536 */
	uint64_t has_class[1024];   /* bits by port: most have none, and these stay in the cache */
	struct app_set of_first[256]; /* may take a stream that begins with this byte ... */
	bool first_known[256];	      /* ... when that was asked */
	struct beginning beginnings[BEGINNINGS]; /* by hash; the latest to come stays */
};

int candidates_init(struct candidates *c); /* 0 or -ENOMEM */
void candidates_done(struct candidates *c);

/* Those that have one of these ports. */
struct app_set candidates_on_port(const struct candidates *c, const uint16_t port[2]);

/* All that apply, given those on its ports. */
struct app_set candidates_of_datagram(const struct candidates *c, const struct app_set *on_port);
/* `data` is its beginning: at least a byte. */
struct app_set candidates_of_stream(struct candidates *c, const struct app_set *on_port,
				    const struct cursor *data);

#endif
