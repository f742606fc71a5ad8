/* SPDX-License-Identifier: MIT
 *
 * Teredo: IPv6 in UDP through address translators (RFC 4380).
 *
 *   [00 01 | id length (1) | value length (1) | id | value | nonce (8) | confirmation (1)]
 *   [00 00 | origin port (2) | origin address (4)]
 *   IPv6
 */
#include "decode/decoders.h"
#include "decode/layer.h"

static bool starts_with(const struct decode *d, uint8_t second)
{
	const uint8_t *h = cursor_peek(&d->c, 2);

	return h && h[0] == 0 && h[1] == second;
}

enum decode_status dec_teredo(struct decode *d)
{
	const uint8_t *first;

	if (starts_with(d, 1)) {
		const uint8_t *h = cursor_bytes(&d->c, 4);

		cursor_skip(&d->c, h ? h[2] + h[3] + 9u : 9);
	}
	if (starts_with(d, 0))
		cursor_skip(&d->c, 8);
	first = cursor_peek(&d->c, 40);
	if (!first || *first >> 4 != 6 || !decode_tunnel(d, TUNNEL_TEREDO, 0))
		return DECODE_UNKNOWN;
	return decode_next(d, SPACE_INNER, INNER_IPV6);
}
