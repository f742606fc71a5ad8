/* SPDX-License-Identifier: MIT
 *
 * What a flow waits for and where its bytes are, as bars and words: what stands first in its
 * detail. docs/VERDICT.md and flow/join/ledger.h say what the numbers mean.
 */
#ifndef SOCKLENS_TUI_FLOW_STORY_H
#define SOCKLENS_TUI_FLOW_STORY_H

#include <stdbool.h>

#include "flow/rows/row.h"
#include "tui/page.h"

/* Where the bytes are that one end has written; those further on their way come first. */
enum story_stage {
	STORY_READ,	/* by the other end's process */
	STORY_UNREAD,	/* they wait for it */
	STORY_ACKED,	/* that much is known; not whether they were read */
	STORY_SENT,	/* ... or only that they passed */
	STORY_IN_FLIGHT, /* sent and not acknowledged, though not arrived as far as is known */
	STORY_QUEUED,	/* in the sending socket */
	STORY_LOST,
	STORY_STAGES
};

/* Bytes at each stage on the way from an end to the other; 0 where nothing is or nothing is known. */
void story_stages(int64_t out[STORY_STAGES], const struct flow_end_row *from,
		  const struct flow_end_row *to);

void story_write(struct page *p, const struct flow_row *row, bool exact);

#endif
