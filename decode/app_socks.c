/* SPDX-License-Identifier: MIT
 *
 * SOCKS 5 (RFC 1928, RFC 1929), 4 and 4a. What goes through the proxy, TLS or HTTP mostly, follows.
 *
 *   5, client: 5 | methods <1> | [1 | user <1> | password <1>] | 5 | command (1) | 0 | address |
 * port (2) 5, server: 5 | method (1)  | [1 | status (1)]              | 5 | status (1)  | 0 |
 * address | port (2) address:   1 | (4), 3 | name <1>, 4 | (16) 4, client: 4 | command (1) | port
 * (2) | address (4) | user text 0 | [name text 0 when 0.0.0.x] 4, server: 0 | status 5a-5d (1) |
 * port (2) | address (4)
 */
#include "decode/app_rows.h"
#include "decode/app_text.h"
#include "decode/app_tls.h"

enum {
	VERSION_5 = 5,
	VERSION_4 = 4,
	REPLY_4 = 0,
	LOGIN_VERSION = 1,
	METHODS_MAX = 9,
	METHOD_NONE = 0xff,
	GRANTED_4 = 0x5a,
	REFUSED_4_LAST = 0x5d,
	ADDRESS_V4 = 1,
	ADDRESS_NAME = 3,
	ADDRESS_V6 = 4,
};

static enum app_status inner(const struct app_input *in, struct cursor rest,
			     const struct app_sink *sink)
{
	struct app_input through = *in;
	enum app_status s;

	if (!cursor_left(&rest))
		return app_unfinished(in);
	if (*rest.p == TLS_FIRST_BYTE)
		return tls_inside(in, rest, sink);
	through.data = rest;
	s = app_http(&through, sink);
	return s == APP_NO ? APP_DONE : s;
}

/* A request or its answer; c is bad when it is cut. False when it is none. */
static bool target(struct cursor *c)
{
	uint8_t version = cursor_u8(c), type;

	cursor_skip(c, 2);
	type = cursor_u8(c);
	if (type == ADDRESS_V4)
		cursor_skip(c, 4);
	else if (type == ADDRESS_V6)
		cursor_skip(c, 16);
	else if (type == ADDRESS_NAME)
		cursor_skip(c, cursor_u8(c));
	cursor_skip(c, 2);
	return c->bad || (version == VERSION_5 && type >= ADDRESS_V4 && type <= ADDRESS_V6);
}

static void skip_login(struct cursor *c, bool to_server)
{
	const uint8_t *version = cursor_peek(c, 1);

	if (!version || *version != LOGIN_VERSION)
		return;
	cursor_skip(c, 1);
	cursor_skip(c, to_server ? cursor_u8(c) : 1);
	if (to_server)
		cursor_skip(c, cursor_u8(c));
}

static enum app_status socks5(const struct app_input *in, struct cursor c,
			      const struct app_sink *sink)
{
	uint8_t second = cursor_u8(&c);

	if (c.bad)
		return app_undecided(in);
	if (second > METHODS_MAX && second != METHOD_NONE)
		return APP_NO;
	if (in->to_server) {
		cursor_skip(&c, second);
		if (c.bad)
			return app_undecided(in);
	}
	skip_login(&c, in->to_server);
	if (!target(&c))
		return APP_DONE;
	return c.bad ? app_unfinished(in) : inner(in, c, sink);
}

static enum app_status socks4(const struct app_input *in, struct cursor c,
			      const struct app_sink *sink)
{
	uint8_t command = cursor_u8(&c);
	uint32_t address;
	struct cursor text;

	cursor_skip(&c, 2);
	address = cursor_be32(&c);
	if (c.bad)
		return app_undecided(in);
	if (command != 1 && command != 2)
		return APP_NO;
	if (!text_until(&c, 0, &text))
		return app_unfinished(in);
	if (address && address < 256 && !text_until(&c, 0, &text))
		return app_unfinished(in);
	return inner(in, c, sink);
}

static enum app_status reply4(const struct app_input *in, struct cursor c,
			      const struct app_sink *sink)
{
	uint8_t status = cursor_u8(&c);

	cursor_skip(&c, 6);
	if (c.bad)
		return app_undecided(in);
	if (status < GRANTED_4 || status > REFUSED_4_LAST)
		return APP_NO;
	return inner(in, c, sink);
}

enum app_status app_socks(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data;
	uint8_t version = cursor_u8(&c);

	if (c.bad)
		return app_undecided(in);
	if (version == VERSION_5)
		return socks5(in, c, sink);
	if (version == VERSION_4)
		return socks4(in, c, sink);
	return version == REPLY_4 ? reply4(in, c, sink) : APP_NO;
}
