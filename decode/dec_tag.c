/* SPDX-License-Identifier: MIT
 *
 * Tags that stand like a VLAN tag between the link addresses and the EtherType, and that name no
 * VLAN: each is stepped over.
 *
 *   VN-Tag:   direction, pointer, virtual interfaces (4)        | EtherType (2)
 *   E-Tag:    priority, ingress and group E-CID (6)             | EtherType (2)
 *   HSR, PRP: path and size (2) | sequence number (2)           | EtherType (2)
 *   MetaData: version (1) | length in words (1) | options (n)   | EtherType (2)
 */
#include "decode/decoders.h"
#include "decode/layer.h"

static enum decode_status after(struct decode *d, uint32_t tag_bytes)
{
	cursor_skip(&d->c, tag_bytes);
	return decode_ethertype(d, cursor_be16(&d->c));
}

enum decode_status dec_vntag(struct decode *d)
{
	return after(d, 4);
}

enum decode_status dec_etag(struct decode *d)
{
	return after(d, 6);
}

enum decode_status dec_hsr(struct decode *d)
{
	return after(d, 4);
}

enum decode_status dec_cmd(struct decode *d)
{
	cursor_skip(&d->c, 1);
	return after(d, cursor_u8(&d->c) * 4u);
}
