/* SPDX-License-Identifier: MIT */
#include "flow/app/candidates.h"

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

/* --- by port ---------------------------------------------------------------------------------- */

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

/* --- by first bytes --------------------------------------------------------------------------- */

static void hear_nothing(void *ctx, enum fact_kind kind, const void *bytes, size_t len)
{
	(void)ctx;
	(void)kind;
	(void)bytes;
	(void)len;
}

/* Could it take a stream that begins so: from either end, on its ports or elsewhere? */
static bool accepts(const struct app_parser *p, struct cursor beginning)
{
	const struct app_sink sink = {.fact = hear_nothing};

	for (unsigned i = 0; i <= ROW_PORTS; i++) {
		uint16_t port = i ? p->ports[i - 1] : 0;

		for (int to_server = 0; to_server < 2; to_server++) {
			struct app_input in = {
				.data = beginning, .to_server = to_server, .port = {port, port}};

			if (p->fn(&in, &sink) != APP_NO)
				return true;
		}
		if (i && !port)
			break;
	}
	return false;
}

static struct app_set ask(struct app_set some, const void *bytes, size_t len)
{
	unsigned rows;
	const struct app_parser *p = app_parsers(&rows);
	struct app_set may = {0};

	for (int id; (id = app_set_take(&some)) >= 0;)
		if (accepts(&p[id], cursor_init(bytes, len)))
			app_set_add(&may, (unsigned)id);
	return may;
}

static const struct app_set *of_first(struct candidates *c, uint8_t first)
{
	if (!c->first_known[first])
		c->of_first[first] = ask(c->shown[0], &first, 1);
	c->first_known[first] = true;
	return &c->of_first[first];
}

/* NULL for bytes that are new: to ask everybody is worth it only for what comes again. */
static const struct app_set *of_beginning(struct candidates *c, const uint8_t *p)
{
	struct beginning *b;
	uint64_t bytes;

	memcpy(&bytes, p, sizeof(bytes));
	b = &c->beginnings[bytes * 0x9e3779b97f4a7c15u >> 56];
	if (b->state == BEGINNING_NONE || b->bytes != bytes) {
		*b = (struct beginning){.bytes = bytes, .state = BEGINNING_SEEN};
		return NULL;
	}
	if (b->state == BEGINNING_SEEN)
		b->may = ask(*of_first(c, *p), p, BEGINNING_BYTES);
	b->state = BEGINNING_ASKED;
	return &b->may;
}

struct app_set candidates_of_datagram(const struct candidates *c, const struct app_set *on_port)
{
	return app_set_or(app_set_and(*on_port, &c->shown[1]), &c->anywhere[1]);
}

struct app_set candidates_of_stream(struct candidates *c, const struct app_set *on_port,
				    const struct cursor *data)
{
	struct app_set all = app_set_or(app_set_and(*on_port, &c->shown[0]), &c->anywhere[0]);
	const uint8_t *head = cursor_peek(data, BEGINNING_BYTES);
	const struct app_set *may;

	all = app_set_and(all, of_first(c, data->p[0]));
	may = head && !app_set_is_empty(&all) ? of_beginning(c, head) : NULL;
	return may ? app_set_and(all, may) : all;
}
