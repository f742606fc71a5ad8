/* SPDX-License-Identifier: MIT */
#include "flow/candidates.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { PORTS = 65536, CLASSES_MAX = 256, ROW_PORTS = 6 };

int app_set_take(struct app_set *s)
{
	for (unsigned i = 0; i < APP_SET_WORDS; i++) {
		uint64_t word = s->word[i];

		if (!word)
			continue;
		s->word[i] = word & (word - 1);
		return (int)(64 * i) + __builtin_ctzll(word);
	}
	return -1;
}

/* --- by port
 * -------------------------------------------------------------------------------------- */

static int class_of(struct candidates *c, unsigned *classes, uint16_t port)
{
	if (!c->port_class[port]) {
		if (*classes == CLASSES_MAX)
			return 0;
		c->port_class[port] = (uint8_t)(*classes)++;
		c->has_class[port / 64] |= 1ull << port % 64;
	}
	return c->port_class[port];
}

static void note_row(struct candidates *c, unsigned *classes, const struct app_parser *p,
		     unsigned id)
{
	for (int datagram = 0; datagram < 2; datagram++) {
		if (!(p->flags & (datagram ? APP_DATAGRAM : APP_STREAM)))
			continue;
		app_set_add(&c->shown[datagram], id);
		if (!(p->flags & APP_NEEDS_PORT))
			app_set_add(&c->anywhere[datagram], id);
	}
	for (unsigned i = 0; i < ROW_PORTS && p->ports[i]; i++) {
		int class = class_of(c, classes, p->ports[i]);

		assert(class); /* fewer ports than classes */
		app_set_add(&c->of_port[class], id);
	}
}

int candidates_init(struct candidates *c)
{
	unsigned rows, classes = 1;
	const struct app_parser *p = app_parsers(&rows);

	assert(rows <= APP_SET_MAX);
	*c = (struct candidates){
		.of_port = calloc(CLASSES_MAX, sizeof(*c->of_port)),
		.port_class = calloc(PORTS, sizeof(*c->port_class)),
	};
	if (!c->of_port || !c->port_class) {
		candidates_done(c);
		return -ENOMEM;
	}
	for (unsigned id = 0; id < rows; id++)
		note_row(c, &classes, &p[id], id);
	return 0;
}

void candidates_done(struct candidates *c)
{
	free(c->of_port);
	free(c->port_class);
	c->of_port = NULL;
	c->port_class = NULL;
}

static const struct app_set *on_port(const struct candidates *c, uint16_t port)
{
	bool has = c->has_class[port / 64] >> port % 64 & 1;

	return &c->of_port[has ? c->port_class[port] : 0];
}

struct app_set candidates_on_port(const struct candidates *c, const uint16_t port[2])
{
	return app_set_or(*on_port(c, port[0]), on_port(c, port[1]));
}

/* --- by first byte
 * -------------------------------------------------------------------------------- */

static void hear_nothing(void *ctx, enum fact_kind kind, const void *bytes, size_t len)
{
	(void)ctx;
	(void)kind;
	(void)bytes;
	(void)len;
}

/* Could it take a stream that begins so: from either end, on its ports or elsewhere? */
static bool accepts(const struct app_parser *p, uint8_t first)
{
	const struct app_sink sink = {.fact = hear_nothing};

	for (unsigned i = 0; i <= ROW_PORTS; i++) {
		uint16_t port = i ? p->ports[i - 1] : 0;

		for (int to_server = 0; to_server < 2; to_server++) {
			struct app_input in = {.data = cursor_init(&first, 1),
					       .to_server = to_server,
					       .port = {port, port}};

			if (p->fn(&in, &sink) != APP_NO)
				return true;
		}
		if (i && !port)
			break;
	}
	return false;
}

static void learn(struct candidates *c, uint8_t first)
{
	unsigned rows;
	const struct app_parser *p = app_parsers(&rows);
	struct app_set left = c->shown[0];

	for (int id; (id = app_set_take(&left)) >= 0;)
		if (accepts(&p[id], first))
			app_set_add(&c->of_first[first], (unsigned)id);
	c->first_known[first] = true;
}

struct app_set candidates_of_datagram(const struct candidates *c, const struct app_set *on_port)
{
	return app_set_or(app_set_and(*on_port, &c->shown[1]), &c->anywhere[1]);
}

struct app_set candidates_of_stream(struct candidates *c, const struct app_set *on_port,
				    uint8_t first)
{
	struct app_set all = app_set_or(app_set_and(*on_port, &c->shown[0]), &c->anywhere[0]);

	if (!c->first_known[first])
		learn(c, first);
	return app_set_and(all, &c->of_first[first]);
}
