/* SPDX-License-Identifier: MIT
 *
 * What each plan of the probe is called and cannot see.
 */
#ifndef SOCKLENS_BPF_PLAN_H
#define SOCKLENS_BPF_PLAN_H

#include <stdbool.h>

#include "bpf/probe.h"

const char *plan_blind_spots(enum probe_plan plan, bool cgroup_hooks);

#endif
