/* SPDX-License-Identifier: MIT
 *
 * Parts of JSON that flows and the summary have in common, in the manner of report/put.h.
 */
#ifndef SOCKLENS_REPORT_PUT_JSON_H
#define SOCKLENS_REPORT_PUT_JSON_H

#include "report/put.h"

/* The last comma becomes the brace. */
PUT_INLINE char *put_object_end(char *w)
{
	w[-1] = '}';
	*w++ = ',';
	return w;
}

static inline char *put_addr(char *w, const struct addr *a)
{
	*w++ = '"';
	w += addr_format(w, a);
	*w++ = '"';
	return w;
}

static inline char *put_tunnel(char *w, const struct tunnel *t)
{
	w = put_literal(w, "{\"kind\":\"");
	w = put_literal(w, tunnel_name(t->kind));
	*w++ = '"';
	if (t->id) {
		w = put_literal(w, ",\"id\":");
		w = put_i64(w, t->id);
	}
	w = put_literal(w, ",\"src\":");
	w = put_addr(w, &t->src);
	w = put_literal(w, ",\"dst\":");
	w = put_addr(w, &t->dst);
	*w++ = '}';
	return w;
}

#endif
