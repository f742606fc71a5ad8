/* SPDX-License-Identifier: MIT
 *
 * How a flow was, in bytes: a head, then its parts. At first the parts are whole; once a tick is
 * over, per part a bit a word, and the old words of those that differ. To exchange them with the
 * present ones twice changes nothing. Only flow/past.c writes and reads them, in memory of its own.
 */
#ifndef SOCKLENS_FLOW_PAST_RECORD_H
#define SOCKLENS_FLOW_PAST_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct flow;
struct flow_table;

/* Ahead of its parts. */
struct past_record {
	uint32_t slot, generation; /* of the flow */
	uint32_t bytes;		   /* of it all */
	uint32_t parts;		   /* bits of the parts that follow */
};

/* The bits of all parts take no more: what changes can need beyond the whole. */
enum { PAST_RECORD_BITS_MAX = 64 };

struct past_record past_record_at(const uint8_t *p);
struct flow *past_record_flow(struct flow_table *t, const struct past_record *r); /* NULL = gone */

size_t past_record_whole_bytes(struct flow_table *t); /* a whole record, at most */
size_t past_record_keep(struct flow_table *t, const struct flow *f, uint8_t *to); /* as it is now */

/* All below move *to behind what they wrote. */
void past_record_changes(struct flow_table *t, uint8_t **to, const uint8_t *whole);
/* Two of one flow as one, that leads as far back as the older one, `a`. */
void past_record_merge(struct flow_table *t, uint8_t **to, const uint8_t *a, const uint8_t *b);

/* With the flow as it is, unless it is gone; returns what follows the record. */
uint8_t *past_record_exchange(struct flow_table *t, uint8_t *p);

/* What the flow has sent since, by end, in bytes. */
void past_record_bytes(struct flow_table *t, const uint8_t *p, const struct flow *f,
		       uint64_t out[2]);

#endif
