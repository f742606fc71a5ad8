/* SPDX-License-Identifier: MIT */
#include "decode/app.h"

#include <assert.h>
#include <gcrypt.h>

#include "decode/app_rows.h"

static const struct fact_row facts[] = {
#define X(id, record_field, is_several, text)                                                      \
	[FACT_##id] = {.field = record_field, .several = is_several, .help = text},
	FACT_ROWS(X)
#undef X
};

static const struct app_parser rows[] = {
#define X(id, document, how, ...)                                                                  \
	{.name = #id, .reference = document, .fn = app_##id, .flags = how, .ports = {__VA_ARGS__}},
	APP_ROWS(X)
#undef X
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]), PORTS = sizeof(rows[0].ports) / sizeof(uint16_t) };

const struct fact_row *fact_row(enum fact_kind kind)
{
	assert((unsigned)kind < FACT_KINDS);
	return &facts[kind];
}

void app_parsers_init(void)
{
	if (gcry_control(GCRYCTL_INITIALIZATION_FINISHED_P))
		return;
	gcry_check_version(NULL);
	/* Nothing here is a secret: no locked memory is needed. */
	gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
	gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
}

const struct app_parser *app_parsers(unsigned *count)
{
	*count = ROWS;
	return rows;
}

bool app_on_port(const struct app_parser *p, const uint16_t port[2])
{
	for (unsigned i = 0; i < PORTS && p->ports[i]; i++)
		if (p->ports[i] == port[0] || p->ports[i] == port[1])
			return true;
	return false;
}

bool app_expected(const struct app_input *in, enum app_id id)
{
	return app_on_port(&rows[id], in->port);
}

bool app_applies(const struct app_parser *p, bool datagram, const uint16_t port[2])
{
	if (!(p->flags & (datagram ? APP_DATAGRAM : APP_STREAM)))
		return false;
	return !(p->flags & APP_NEEDS_PORT) || app_on_port(p, port);
}
