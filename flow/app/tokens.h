/* SPDX-License-Identifier: MIT
 *
 * Numbers by which a later flow names an earlier one: tokens of multipath TCP, verification tags of
 * SCTP. They are random or hashed, so their low bits are the place; a newer one takes the place of
 * an older.
 */
#ifndef SOCKLENS_FLOW_TOKENS_H
#define SOCKLENS_FLOW_TOKENS_H

#include <stdint.h>

enum { TOKENS = 4096 }; /* remembered */

struct tokens {
	struct token {
		uint64_t flow; /* id; 0 = free */
		uint32_t token;
	} * places; /* owned; NULL until there is one */
};

void tokens_done(struct tokens *t);

/* Without memory nothing happens. */
void tokens_note(struct tokens *t, uint32_t token, uint64_t flow);

/* 0 = not known: it was not seen, or is long ago. */
uint64_t tokens_find(const struct tokens *t, uint32_t token);

#endif
