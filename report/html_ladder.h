/* SPDX-License-Identifier: MIT
 *
 * The few worst flows of a report with their frames, each drawn as a ladder between its two ends.
 */
#ifndef SOCKLENS_REPORT_HTML_LADDER_H
#define SOCKLENS_REPORT_HTML_LADDER_H

#include "report/exporter.h"

enum { LADDERS = 6 };

struct ladders {
	struct {
		int64_t score;
		struct flow_row *row; /* owned, as the frames */
		struct flow_frames *frames;
	} worst[LADDERS]; /* the worst first */
	unsigned count;
};

/*
 * A flow has ended: keep it if it is among the worst, and unlike those that are kept. Its frames
 * are asked for with o->frames, which may be NULL: then none is kept.
 */
void ladders_add(struct ladders *l, const struct exporter_options *o, const struct flow_row *row);
void ladders_put(struct buf *out, const struct ladders *l);
void ladders_done(struct ladders *l);

#endif
