/* SPDX-License-Identifier: MIT
 *
 * One text as each language of reports writes it. For formats whose rows are few or short; ndjson
 * and csv of millions of rows have their own, quicker ways.
 */
#ifndef SOCKLENS_REPORT_QUOTE_H
#define SOCKLENS_REPORT_QUOTE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* text[0..n) between quotes (RFC 8259 7). */
void quote_json(struct buf *out, const char *text, size_t n);
/* A cell (RFC 4180); with `guard`, a ' before what a spreadsheet would run as a formula. */
void quote_csv(struct buf *out, const char *text, bool guard);
/* A backslash before ASCII punctuation makes it plain text (CommonMark 2.4). */
void quote_markdown(struct buf *out, const char *text);
/* Character references, in content and in attributes (HTML 13.1.2.3). */
void quote_html(struct buf *out, const char *text);
/* For a terminal without UTF-8: other bytes as \xNN, as vis does; up to 4 bytes for each. */
void quote_ascii(char *out, const char *text);

#endif
