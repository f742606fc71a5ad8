/* SPDX-License-Identifier: MIT
 *
 * libFuzzer: any bytes to any application parser. The first byte chooses the row, the second
 * datagram or stream, direction and whether more may come. Every emitted byte is read; a final
 * answer must be one.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "decode/app.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { IS_DATAGRAM = 1, IS_TO_SERVER = 2, IS_FINAL = 4, ON_PORT = 8 };

static void touch(void *ctx, enum fact_kind kind, const void *bytes, size_t len)
{
	unsigned *parity = ctx;

	assert(len > 0 && (unsigned)kind < FACT_KINDS);
	for (size_t i = 0; i < len; i++)
		*parity ^= ((const uint8_t *)bytes)[i];
}

/* Volatile, so that the reads above are not optimised away. */
static volatile unsigned all_parity;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned count, parity = 0;
	const struct app_parser *rows = app_parsers(&count), *row;
	struct app_sink sink = {.fact = touch, .ctx = &parity};
	struct app_input in = {.to_server = false};
	enum app_status status;
	uint8_t *exact;

	if (size < 2)
		return 0;
	app_parsers_init();
	row = &rows[data[0] % count];
	in.datagram =
		row->flags & APP_STREAM ? data[1] & IS_DATAGRAM && row->flags & APP_DATAGRAM : true;
	in.to_server = data[1] & IS_TO_SERVER;
	in.final = data[1] & IS_FINAL;
	in.port[0] = 40000;
	in.port[1] = data[1] & ON_PORT && row->ports[0] ? row->ports[0] : 40001;
	exact = malloc(size - 1);
	if (!exact)
		abort();
	memcpy(exact, data + 2, size - 2);
	in.data = cursor_init(exact, size - 2);
	status = row->fn(&in, &sink);
	assert(status == APP_NO || status == APP_DONE || !(in.final || in.datagram));
	all_parity = parity;
	free(exact);
	return 0;
}
