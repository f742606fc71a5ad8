/* SPDX-License-Identifier: MIT
 *
 * IPFIX messages one behind the other: the file of RFC 5655, and what a collector gets.
 */
#include <errno.h>
#include <stdlib.h>

#include "report/formats.h"
#include "report/ipfix.h"

enum { DOMAIN = 1 };

int ipfix_open(struct exporter_options *o, struct err *e)
{
	struct ipfix *x = malloc(sizeof(*x));

	if (!x)
		return err_set(e, -ENOMEM, "out of memory");
	ipfix_init(x, DOMAIN);
	o->state = x;
	return 0;
}

int ipfix_close(struct exporter_options *o, struct err *e)
{
	(void)e;
	free(o->state);
	o->state = NULL;
	return 0;
}

static void put_message(struct buf *out, struct ipfix *x)
{
	size_t n = ipfix_take(x);

	buf_put(out, x->message, n);
}

void ipfix_flow(struct buf *out, const struct exporter_options *o, const struct flow_row *row)
{
	struct ipfix *x = o->state;
	struct part whole = part_whole(row);

	if (ipfix_add(x, &whole))
		return;
	put_message(out, x);
	ipfix_add(x, &whole); /* an empty message has room for any record */
}

void ipfix_end(struct buf *out, const struct exporter_options *o, const struct summary_row *sum)
{
	(void)sum;
	put_message(out, o->state);
}
