/* SPDX-License-Identifier: MIT
 *
 * Protocols whose first bytes say all: a constant at a fixed place.
 */
#include <string.h>

#include "decode/app_rows.h"

struct magic {
	uint8_t offset, len;
	const char *bytes;
};

/* clang-format off */
#define MAGIC(at, text) {.offset = (at), .len = sizeof(text) - 1, .bytes = (text)}
/* clang-format on */

static enum app_status match(const struct app_input *in, const struct magic *m)
{
	struct cursor c = in->data;
	size_t left;

	if (cursor_left(&c) <= m->offset)
		return app_undecided(in);
	cursor_skip(&c, m->offset);
	left = cursor_left(&c);
	if (memcmp(c.p, m->bytes, left < m->len ? left : m->len) != 0)
		return APP_NO;
	return left < m->len ? app_undecided(in) : APP_DONE;
}

/* Any of the constants; m->bytes == NULL ends. */
static enum app_status match_any(const struct app_input *in, const struct magic *m)
{
	enum app_status best = APP_NO;

	for (; m->bytes && best != APP_DONE; m++) {
		enum app_status s = match(in, m);

		if (s > best)
			best = s;
	}
	return best;
}

/* clang-format off */
#define MAGIC_ROWS(X)                                                                           \
	X(amqp, MAGIC(0, "AMQP"))                                                               \
	X(rfb, MAGIC(0, "RFB 00"))                                                              \
	X(rsync, MAGIC(0, "@RSYNCD: "))                                                         \
	X(git, MAGIC(4, "git-upload-pack /"), MAGIC(4, "git-receive-pack /"))                   \
	X(memcached, MAGIC(0, "get "), MAGIC(0, "gets "), MAGIC(0, "set "), MAGIC(0, "stats"),  \
	  MAGIC(0, "version\r\n"), MAGIC(0, "VALUE "), MAGIC(0, "STAT "), MAGIC(0, "VERSION ")) \
	X(dropbox, MAGIC(0, "{\"host_int\": "))                                                 \
	X(pptp, MAGIC(2, "\0\x01\x1a\x2b\x3c\x4d\0\x01"), MAGIC(2, "\0\x01\x1a\x2b\x3c\x4d\0\x02"))
/* clang-format on */

#define X(name, ...)                                                                               \
	enum app_status app_##name(const struct app_input *in, const struct app_sink *sink)        \
	{                                                                                          \
		static const struct magic rows[] = {__VA_ARGS__, {.bytes = NULL}};                 \
                                                                                                   \
		(void)sink;                                                                        \
		return match_any(in, rows);                                                        \
	}
MAGIC_ROWS(X)
#undef X
