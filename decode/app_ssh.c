/* SPDX-License-Identifier: MIT
 *
 * SSH (RFC 4253 4.2): both sides begin with "SSH-2.0-software comment" CR LF, at most 255 bytes. A
 * server may say other lines first; in practice none does.
 */
#include "decode/app_rows.h"
#include "decode/app_text.h"

enum { BANNER_MAX = 255 };

enum app_status app_ssh(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data, line;
	enum text_match m = text_match(&c, "SSH-");

	if (m == TEXT_DIFFERS)
		return APP_NO;
	if (!text_line(&c, &line)) {
		if (cursor_left(&c) > BANNER_MAX)
			return APP_NO;
		return m == TEXT_EQUAL ? app_unfinished(in) : app_undecided(in);
	}
	if (cursor_left(&line) > BANNER_MAX)
		return APP_NO;
	text_fact(sink, FACT_SSH_BANNER, &line);
	return APP_DONE;
}
