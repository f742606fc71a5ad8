/* SPDX-License-Identifier: MIT */
#include "flow/row.h"

/* Field by field: rows are made by the million, and most of this one is room for text. */
void process_row_absent(struct process_row *p, uint8_t reason)
{
	p->pid = p->tid = p->uid = p->fd = ROW_ABSENT;
	p->netns = p->cgroup = p->ppid = p->owners = ROW_ABSENT;
	p->name[0] = p->exe[0] = p->cmdline[0] = p->parents[0] = p->user[0] = 0;
	p->cgroup_path[0] = p->container[0] = p->pod[0] = p->netns_name[0] = 0;
	p->match = MATCH_NONE;
	p->reason = reason;
}
