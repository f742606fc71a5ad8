/* SPDX-License-Identifier: MIT
 *
 * IP over InfiniBand (RFC 4391), as pcap's link type IPOIB has it.
 *
 *   global route header (40) | EtherType (2) | reserved (2) | ...
 */
#include "decode/decoders.h"
#include "decode/layer.h"

enum decode_status dec_ipoib(struct decode *d)
{
	uint16_t type;

	cursor_skip(&d->c, 40);
	type = cursor_be16(&d->c);
	cursor_skip(&d->c, 2);
	return decode_next(d, SPACE_ETHERTYPE, type);
}
