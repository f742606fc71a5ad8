/* SPDX-License-Identifier: MIT
 *
 * What this process costs.
 */
#ifndef SOCKLENS_CLI_AGENT_HEALTH_H
#define SOCKLENS_CLI_AGENT_HEALTH_H

#include "report/agent/metrics.h"

/* Processor time, memory, start and version; the rest is left as it is. */
void health_fill(struct metrics_health *h);

#endif
