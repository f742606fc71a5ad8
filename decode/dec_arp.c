/* SPDX-License-Identifier: MIT
 *
 * ARP and RARP (RFC 826, RFC 903): counted, in no flow.
 */
#include "decode/decoders.h"
#include "decode/layer.h"

enum decode_status dec_arp(struct decode *d)
{
	return decode_other(d, PACKET_ARP);
}
