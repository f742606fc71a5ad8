/* SPDX-License-Identifier: MIT
 *
 * The fields of a flow row, one table row each: the flow record's names, the CSV header, the
 * dashboard's columns and the filter language are all made from this table.
 */
#ifndef SOCKLENS_FLOW_FIELD_H
#define SOCKLENS_FLOW_FIELD_H

#include <stdbool.h>
#include <stddef.h>

#include "flow/row.h"

enum field_type {
	FIELD_INT,	/* int64_t, ROW_ABSENT = absent */
	FIELD_BYTES,	/* the same, shown with a size unit */
	FIELD_BITRATE,	/* the same, bits a second */
	FIELD_DURATION, /* the same, ns */
	FIELD_TIME,	/* the same, wall-clock ns */
	FIELD_TEXT,	/* char[], "" = absent, printable */
	FIELD_ADDR,	/* struct addr */
	FIELD_PROTO,	/* uint8_t protocol number, written by name */
	FIELD_MATCH,	/* uint8_t enum match_quality */
	FIELD_REASON,	/* uint8_t enum unbound_reason */
	FIELD_ORIGIN,	/* uint8_t enum originator */
	FIELD_ID,	/* uint64_t, written as hexadecimal text */
};

struct field {
	const char *name;  /* dotted path in the flow record: "src.tcp.retransmission" */
	const char *title; /* short column title: "SRC RETX" */
	const char *help;  /* one sentence */
	uint16_t offset;   /* in struct flow_row */
	uint8_t type;	   /* enum field_type */
	uint8_t width;	   /* columns it usually needs */
};

/* The table, in the order of the flow record; *count is set. */
const struct field *fields(unsigned *count);

/* By dotted or underscored name; NULL when there is none. */
const struct field *field_find(const char *name);

/* false when the row does not know this field. */
bool field_present(const struct field *f, const struct flow_row *row);

/* An integer for sorting and comparing (addresses and texts give 0); ROW_ABSENT when absent. */
int64_t field_int(const struct field *f, const struct flow_row *row);

/*
 * Text as a report writes it (exact numbers, RFC 3339 times) or, with `human`, as a screen shows
 * it (units). NUL-terminated in out[cap]; returns its length; "" when absent.
 */
size_t field_text(const struct field *f, const struct flow_row *row, bool human, char *out,
		  size_t cap);

/* Order of two rows by one field, absent last; ties by flow id, so that a sort is total. */
int field_compare(const struct field *f, const struct flow_row *a, const struct flow_row *b);

#endif
