/* SPDX-License-Identifier: MIT
 *
 * ISO transport on TCP (RFC 1006, X.224): Remote Desktop (MS-RDPBCGR) and, on port 102, S7.
 *
 *   TPKT: 3 | 0 | length (2); X.224: length (1) | kind (1) | destination, source (4) | class (1) |
 * data
 *
 * A Remote Desktop client names a cookie or the security it offers; TLS follows the answer.
 */
#include "decode/app_rows.h"
#include "decode/app_text.h"
#include "decode/app_tls.h"

enum {
	TPKT_HEADER = 4,
	X224_FIXED = 7,
	CONNECT_REQUEST = 0xe0,
	CONNECT_CONFIRM = 0xd0,
	DATA = 0xf0,
	NEGOTIATION =
		8, /* length of RDP's request, answer and refusal: type | flags | 08 00 | 4 bytes */
};

/* Take one TPKT: the X.224 kind and its data; false when it is cut or none. */
static bool tpkt(struct cursor *c, uint8_t *kind, struct cursor *data)
{
	uint16_t version = cursor_be16(c), len = cursor_be16(c);

	if (version != 0x0300 || len < TPKT_HEADER + 3)
		cursor_fail(c);
	*data = cursor_sub(c, c->bad ? 0 : len - TPKT_HEADER);
	cursor_skip(data, 1);
	*kind = cursor_u8(data);
	if (*kind != DATA)
		cursor_skip(data, X224_FIXED - 2);
	return !data->bad && !c->bad;
}

/* Each byte of the header is judged as soon as it is there. */
static bool plausible(const uint8_t *h, size_t n)
{
	if (n > 0 && h[0] != 3)
		return false;
	if (n > 1 && h[1] != 0)
		return false;
	return n < TPKT_HEADER || (h[2] << 8 | h[3]) >= TPKT_HEADER + 3;
}

static bool negotiation(struct cursor c)
{
	struct cursor line;
	uint8_t type;

	if (text_is(&c, "Cookie: ") && text_line(&c, &line))
		return true;
	if (cursor_left(&c) < NEGOTIATION)
		return false;
	type = cursor_u8(&c);
	cursor_skip(&c, 1);
	return type >= 1 && type <= 3 && cursor_le16(&c) == NEGOTIATION;
}

enum app_status app_rdp(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data, data;
	uint8_t kind;

	if (!plausible(c.p, cursor_left(&c)))
		return APP_NO;
	if (!tpkt(&c, &kind, &data))
		return app_undecided(in);
	if (kind != CONNECT_REQUEST && kind != CONNECT_CONFIRM)
		return app_expected(in, APP_ID_rdp) ? APP_DONE : APP_NO;
	if (!negotiation(data) && !app_expected(in, APP_ID_rdp))
		return APP_NO;
	return cursor_left(&c) ? tls_inside(in, c, sink) : app_unfinished(in);
}

enum app_status app_s7comm(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data, data;
	uint8_t kind;

	(void)sink;
	if (!plausible(c.p, cursor_left(&c)))
		return APP_NO;
	if (!tpkt(&c, &kind, &data))
		return app_undecided(in);
	return kind == CONNECT_REQUEST || kind == CONNECT_CONFIRM || kind == DATA ? APP_DONE
										  : APP_NO;
}
