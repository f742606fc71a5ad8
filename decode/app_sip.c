/* SPDX-License-Identifier: MIT
 *
 * SIP (RFC 3261) and RTSP (RFC 7826): HTTP's message form with other versions. A SIP dialogue is
 * named by its Call-ID field, in short form "i".
 */
#include "decode/app_rows.h"
#include "decode/app_text.h"

static void skip_keep_alive(struct cursor *c)
{
	while (cursor_left(c) && (*c->p == '\r' || *c->p == '\n'))
		cursor_skip(c, 1);
}

/* SIP over a stream may keep it alive with empty lines (RFC 5626 3.5.1). */
enum app_status app_sip(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data, line, value;
	struct text_first_line first;
	enum text_match m;

	skip_keep_alive(&c);
	m = text_first_line(&c, "SIP/2.", &first);
	if (m != TEXT_EQUAL)
		return m == TEXT_SHORT ? app_undecided(in) : APP_NO;
	while (text_line(&c, &line) && cursor_left(&line)) {
		if (!text_field(&line, "call-id", &value) && !text_field(&line, "i", &value))
			continue;
		text_fact(sink, FACT_SIP_CALL_ID, &value);
		return APP_DONE;
	}
	return app_unfinished(in);
}

enum app_status app_rtsp(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data;
	struct text_first_line first;
	enum text_match m = text_first_line(&c, "RTSP/1.", &first);

	(void)sink;
	if (m == TEXT_EQUAL)
		return APP_DONE;
	return m == TEXT_SHORT ? app_undecided(in) : APP_NO;
}
