/* SPDX-License-Identifier: MIT
 *
 * A flow over time, for its detail: throughput of both ends, ack delay, bytes in flight.
 */
#ifndef SOCKLENS_TUI_FLOW_CHARTS_H
#define SOCKLENS_TUI_FLOW_CHARTS_H

#include "tui/history.h"
#include "tui/page.h"

/* Lines that were zero all the time are left out. `height` is of each, in lines. */
void flow_charts_write(struct page *p, const struct history *h, int height);

#endif
