/* SPDX-License-Identifier: MIT
 *
 * Words that people read for codes that reports write.
 */
#ifndef SOCKLENS_TUI_WORDS_H
#define SOCKLENS_TUI_WORDS_H

#include "flow/rows/row.h"
#include "tui/style.h"

struct state_word {
	const char *code; /* Zeek's conn_state */
	const char *word; /* at most 8 columns */
	const char *help; /* one sentence */
	enum style style;
};

/* For a flow of this protocol; NULL when there is nothing to say. */
const struct state_word *state_word(uint8_t proto, const char *code);

/* "remote", "no probe", ...: why an end has no process. */
const char *reason_word(uint8_t reason);
/* The same as a sentence. */
const char *reason_help(uint8_t reason);

#endif
