/* SPDX-License-Identifier: MIT
 *
 * Protocols between neighbours on a link, which carry nobody's data: LACP (802.3ad), LLDP
 * (802.1AB), EAPOL (802.1X), PPPoE discovery (RFC 2516), loopback test, CFM (802.1ag), PTP (1588),
 * pause (802.3x), CDP. Counted, in no flow.
 */
#include "decode/decoders.h"
#include "decode/layer.h"

enum decode_status dec_control(struct decode *d)
{
	return decode_other(d, PACKET_CONTROL);
}
