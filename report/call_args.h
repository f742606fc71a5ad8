/* SPDX-License-Identifier: MIT
 *
 * What the arguments of a call are called and how they read: rows for each call, used by text and
 * NDJSON alike.
 */
#ifndef SOCKLENS_REPORT_CALL_ARGS_H
#define SOCKLENS_REPORT_CALL_ARGS_H

#include <stdbool.h>

#include "base/buf.h"
#include "flow/rows/call_row.h"

/* One argument written as text: "MSG_NOSIGNAL", "127.0.0.1:80", "[1]". */
struct call_arg_text {
	const char *name; /* stable: NDJSON's key */
	bool number;	  /* the text is a JSON number */
	bool shown;	  /* false: a pointer that led nowhere worth telling */
};

/* Append the text of argument i; false after the last one. Escaped: only printable characters. */
bool call_arg(struct buf *out, struct call_arg_text *arg, const struct call_row *row, unsigned i);

/* "ECONNREFUSED" for -111; NULL for what is no error. */
const char *call_errno(int64_t result);

/* The address in a call's record: "127.0.0.1:80", "unix:/run/x", "netlink:pid 0 groups 0". */
void call_address(struct buf *out, const struct call_event *c);

#endif
