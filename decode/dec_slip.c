/* SPDX-License-Identifier: MIT
 *
 * SLIP as BSD captures it (pcap link type SLIP).
 *
 *   direction (1) | compressed header information (15) | IP
 *
 * The information's first byte is 40 for an uncompressed packet; in Van Jacobson's compressed ones
 * (RFC 1144: 70 and 80) the packet itself follows with a rebuilt header, unless it does not begin
 * like IP.
 */
#include "decode/decoders.h"
#include "decode/layer.h"

enum decode_status dec_slip(struct decode *d)
{
	cursor_skip(&d->c, 16);
	return decode_next(d, SPACE_INNER, INNER_IP);
}
