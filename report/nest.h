/* SPDX-License-Identifier: MIT
 *
 * Dotted names as nested JSON objects: names of one object come one after another.
 */
#ifndef SOCKLENS_REPORT_NEST_H
#define SOCKLENS_REPORT_NEST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* All zero to begin with, but for the brackets. */
struct nest {
	const char *opening, *closing; /* of an object: "{" and "}" */
	const char *path;	       /* a name whose objects are open: */
	size_t n;		       /* so many bytes of it */
	bool comma;		       /* the object has a member already */
};

/* Close what the name is not in, open what it is in, write its last part and the colon. */
void nest_to(struct buf *out, struct nest *s, const char *name);
/* Close what is open. */
void nest_end(struct buf *out, struct nest *s);

#endif
