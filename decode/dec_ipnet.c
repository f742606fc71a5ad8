/* SPDX-License-Identifier: MIT
 *
 * Solaris' IP observability devices (pcap link type IPNET).
 *
 *   version (1) | family (1) | hook type (2) | length (4) | interface (4) | group (4) |
 *   source zone (4) | destination zone (4) | IP
 */
#include "decode/decoders.h"
#include "decode/layer.h"

enum decode_status dec_ipnet(struct decode *d)
{
	cursor_skip(&d->c, 24);
	return decode_next(d, SPACE_INNER, INNER_IP);
}
