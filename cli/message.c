/* SPDX-License-Identifier: MIT */
#include "cli/message.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/vis.h"

void message(const char *fmt, ...)
{
	char raw[512], safe[VIS_MAX(sizeof(raw))];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(raw, sizeof(raw), fmt, ap);
	va_end(ap);
	vis_str(safe, sizeof(safe), raw, sizeof(raw));
	fprintf(stderr, "socklens: %s\n", safe);
}
