/* SPDX-License-Identifier: MIT
 *
 * The interfaces one can capture on.
 */
#ifndef SOCKLENS_CAPTURE_INTERFACES_H
#define SOCKLENS_CAPTURE_INTERFACES_H

#include <stdbool.h>

#include "base/err.h"

struct interface_info {
	const char *name;	 /* borrowed for the callback */
	const char *description; /* may be NULL */
	const char *addresses;	 /* comma-separated text, "" when none */
	bool up, running, loopback, wireless;
};

typedef void (*interface_fn)(void *ctx, const struct interface_info *i);

/* Call fn for each; 0 or a negative errno with the reason in *e. */
int interfaces_list(interface_fn fn, void *ctx, struct err *e);

#endif
