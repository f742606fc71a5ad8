/* SPDX-License-Identifier: MIT
 *
 * QUIC (RFC 9000): a datagram that begins with a long header of a known version, or with a header
 * of Google's QUIC that carries its version. A hello that spans datagrams is gathered by whoever
 * keeps a struct quic_hello.
 */
#include "decode/app_rows.h"
#include "decode/quic.h"

enum app_status app_quic(const struct app_input *in, const struct app_sink *sink)
{
	struct quic_hello h;

	quic_hello_init(&h);
	if (quic_hello_feed(&h, in->data) == QUIC_NO)
		return APP_NO;
	quic_hello_emit(&h, sink);
	return APP_DONE;
}
