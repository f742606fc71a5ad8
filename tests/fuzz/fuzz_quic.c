/* SPDX-License-Identifier: MIT
 *
 * Any bytes as datagrams of QUIC: a byte says how long the next one is (in units of 8), so that
 * hellos in pieces are tried as well. And any bytes as the frames' reassembly would leave them.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "decode/quic.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(void *ctx, enum fact_kind kind, const void *bytes, size_t len)
{
	volatile uint8_t sum = 0;

	(void)ctx;
	if (kind >= FACT_KINDS)
		abort();
	for (size_t i = 0; i < len; i++) /* every byte told can be read */
		sum ^= ((const uint8_t *)bytes)[i];
	(void)sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor c = cursor_init(data, size);
	struct app_sink sink = {.fact = check};
	static struct quic_hello h; /* large; begun anew each time */

	app_parsers_init();
	quic_hello_init(&h);
	while (cursor_left(&c)) {
		size_t n = cursor_u8(&c) * 8u, left = cursor_left(&c);

		quic_hello_feed(&h, cursor_sub(&c, n < left ? n : left));
		if (h.len > QUIC_HELLO_MAX || h.cid_len > QUIC_CID_MAX)
			abort();
	}
	quic_hello_emit(&h, &sink);
	if (size && size <= QUIC_HELLO_MAX) {
		memcpy(h.bytes, data, size);
		h.len = (uint16_t)size;
		h.chlo = data[0] & 0x80;
		quic_hello_emit(&h, &sink);
	}
	return 0;
}
