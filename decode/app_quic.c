/* SPDX-License-Identifier: MIT
 *
 * QUIC (RFC 9000): a datagram that begins with a long header of a known version, or with a header
 * of Google's QUIC that carries its version. A hello that spans datagrams is gathered by whoever
 * keeps a struct quic_hello.
 */
#include "decode/app_rows.h"
#include "decode/quic.h"

static void tell_id(const struct app_sink *sink, enum fact_kind kind, struct cursor id)
{
	char text[2 * QUIC_CID_MAX];
	size_t n = 0;

	while (cursor_left(&id)) {
		uint8_t byte = cursor_u8(&id);

		text[n++] = "0123456789abcdef"[byte >> 4];
		text[n++] = "0123456789abcdef"[byte & 15];
	}
	app_fact(sink, kind, text, n);
}

/* Each end names itself; how it names the other is news only before that has answered. */
static void tell_ids(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data;
	struct quic_packet p;

	if (!quic_packet(&c, &p))
		return;
	if (in->to_server)
		tell_id(sink, FACT_QUIC_DCID, p.dcid);
	if (p.type != QUIC_NEGOTIATION)
		tell_id(sink, FACT_QUIC_SCID, p.scid);
}

enum app_status app_quic(const struct app_input *in, const struct app_sink *sink)
{
	struct quic_hello h;

	quic_hello_init(&h);
	if (quic_hello_feed(&h, in->data) == QUIC_NO)
		return APP_NO;
	quic_hello_emit(&h, sink);
	tell_ids(in, sink);
	return APP_DONE;
}
