/* SPDX-License-Identifier: MIT
 *
 * Pieces of a manual page in man(7): text that is told apart from requests and escapes.
 */
#ifndef SOCKLENS_CLI_ROFF_H
#define SOCKLENS_CLI_ROFF_H

#include <stdio.h>

/* In all texts '\n' begins a new paragraph. */
void roff_title(FILE *out, const char *name, const char *section, const char *page,
		const char *what);
void roff_section(FILE *out, const char *name, const char *text); /* "" = items follow */
void roff_paragraph(FILE *out, const char *text);
/* "name" in bold, then what it means, indented. `argument` NULL = none: else in italics behind it.
 */
void roff_item(FILE *out, const char *name, const char *argument, const char *text);
void roff_more(FILE *out, const char *text); /* of the item before */
/* Lines as they are. */
void roff_example(FILE *out, const char *lines);

#endif
