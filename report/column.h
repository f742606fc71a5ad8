/* SPDX-License-Identifier: MIT
 *
 * The columns of tables for people: fewer than there are fields, some made of several fields.
 */
#ifndef SOCKLENS_REPORT_COLUMN_H
#define SOCKLENS_REPORT_COLUMN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "flow/rows/row.h"

enum { COLUMN_TEXT_MAX = 512 };

struct column {
	const char *title;
	uint8_t width;	  /* columns it needs */
	uint8_t wide;	  /* columns it can make use of */
	uint8_t rank;	  /* lower ones stay when the terminal is narrow */
	bool right;	  /* numbers */
	/* Printable text into out[COLUMN_TEXT_MAX]; 0 when unknown. */
	size_t (*cell)(char *out, const struct flow_row *row, bool human);
	/* The same with a name in place of an address; 0 when there is none. NULL = no address here. */
	size_t (*named)(char *out, const struct flow_row *row);
};

/* What to show of a row: units for people, and names unless they are not wanted. */
size_t column_text(const struct column *c, char *out, const struct flow_row *row, bool human, bool names);

/* From left to right; *count is set. */
const struct column *columns(unsigned *count);
enum { COLUMN_COUNT = 15 };

#endif
