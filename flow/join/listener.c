/* SPDX-License-Identifier: MIT */
#include "flow/join/listener.h"

#include <netinet/in.h>

const struct socket *listener_at(struct socket_table *t, const struct endpoint *local,
				 uint32_t netns)
{
	const struct endpoint none = {0}, any = {.port = local->port};
	const struct endpoint *const locals[] = {local, &any};
	const struct socket *elsewhere = NULL;
	unsigned others = 0;

	for (int i = 0; i < 2; i++) {
		const struct socket *s;
		size_t pos = 0;

		while ((s = socket_table_lookup(t, IPPROTO_TCP, locals[i], &none, &pos, NULL))) {
			if (!s->listener)
				continue;
			if (s->netns == netns)
				return s;
			elsewhere = s;
			others++;
		}
	}
	return others == 1 ? elsewhere : NULL;
}
