/* SPDX-License-Identifier: MIT
 *
 * XMPP (RFC 6120): each side opens an XML stream; both may agree to go on with TLS.
 *
 *   <?xml version='1.0'?> <stream:stream to='example.org' ...> ... <starttls .../> or <proceed
 * .../>
 */
#include "decode/app_rows.h"
#include "decode/app_text.h"
#include "decode/app_tls.h"

enum { OPENING_MAX = 512, PLAIN_MAX = 8192 };

enum app_status app_xmpp(const struct app_input *in, const struct app_sink *sink)
{
	static const char *const openings[] = {"<?xml ", "<stream:stream", NULL};
	struct cursor c = in->data, opening = c, plain, rest = c;
	enum text_match m = text_match_any(&c, openings);

	if (m != TEXT_EQUAL)
		return m == TEXT_SHORT ? app_undecided(in) : APP_NO;
	cursor_limit(&opening, OPENING_MAX);
	if (!text_contains(&opening, "<stream:stream"))
		return cursor_left(&c) < OPENING_MAX ? app_undecided(in) : APP_NO;
	/* XML has no control bytes: the first is where TLS begins. */
	if (!text_until(&rest, TLS_FIRST_BYTE, &plain))
		return cursor_left(&c) < PLAIN_MAX ? app_unfinished(in) : APP_DONE;
	cursor_skip(&c, cursor_left(&plain));
	return tls_inside(in, c, sink);
}
