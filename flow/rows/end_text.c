/* SPDX-License-Identifier: MIT */
#include "flow/rows/end_text.h"

#include <stdio.h>

size_t end_address(char out[ENDPOINT_TEXT_MAX], const struct flow_end_row *end)
{
	struct endpoint e = {end->addr, (uint16_t)end->port};

	return end->port == ROW_ABSENT ? addr_format(out, &end->addr) : endpoint_format(out, &e);
}

void end_text(char out[END_TEXT_MAX], const struct flow_end_row *end, char before_pid)
{
	const char *name = *end->process.name ? end->process.name : "?";
	char address[ENDPOINT_TEXT_MAX];

	end_address(address, end);
	if (end->process.pid == ROW_ABSENT)
		snprintf(out, END_TEXT_MAX, "%s", address);
	else
		snprintf(out, END_TEXT_MAX, "%s%c%lld %s", name, before_pid,
			 (long long)end->process.pid, address);
}
