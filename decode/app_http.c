/* SPDX-License-Identifier: MIT
 *
 * HTTP/1 (RFC 9112), and its use over UDP by SSDP.
 *
 *   GET /path HTTP/1.1 CRLF | HTTP/1.1 200 OK CRLF
 *   Name: value CRLF ...
 *   CRLF
 *
 * The first request names the host: its Host field, else the authority of an absolute target. What
 * follows a CONNECT is another conversation, mostly TLS.
 */
#include "decode/app_rows.h"
#include "decode/app_text.h"
#include "decode/app_tls.h"

/* "http://user@host:port/path" -> "host:port"; false when the target is no absolute URI. */
static bool authority(struct cursor target, struct cursor *host)
{
	struct cursor piece;

	if (!text_until(&target, ':', &piece) || !text_is(&target, "//"))
		return false;
	cursor_skip(&target, 2);
	if (text_until(&target, '/', &piece))
		target = piece;
	text_until(&target, '@', &piece);
	*host = target;
	return true;
}

/* Look for the Host field: TEXT_EQUAL found, TEXT_DIFFERS not in this header, TEXT_SHORT not yet.
 */
static enum text_match find_host(struct cursor *c, struct cursor *host)
{
	struct cursor line;

	while (text_line(c, &line)) {
		if (!cursor_left(&line))
			return TEXT_DIFFERS;
		if (text_field(&line, "host", host))
			return TEXT_EQUAL;
	}
	return TEXT_SHORT;
}

static bool skip_header(struct cursor *c)
{
	struct cursor line;

	while (text_line(c, &line))
		if (!cursor_left(&line))
			return true;
	return false;
}

/* After a tunnel was asked for or granted. */
static enum app_status tunnel(const struct app_input *in, struct cursor rest,
			      const struct app_sink *sink)
{
	return skip_header(&rest) ? tls_inside(in, rest, sink) : app_unfinished(in);
}

static enum app_status request(const struct app_input *in, struct cursor rest,
			       const struct text_first_line *line, const struct app_sink *sink)
{
	bool connect = text_is(&line->method, "CONNECT");
	struct cursor after_line = rest, host;
	enum text_match found = find_host(&rest, &host);

	if (found != TEXT_EQUAL && connect) {
		host = line->target;
		found = TEXT_EQUAL;
	} else if (found != TEXT_EQUAL && (found == TEXT_DIFFERS || in->final)) {
		found = authority(line->target, &host) ? TEXT_EQUAL : found;
	}
	if (found == TEXT_EQUAL)
		text_fact(sink, FACT_HOST, &host);
	if (connect)
		return tunnel(in, after_line, sink);
	return found == TEXT_SHORT ? app_unfinished(in) : APP_DONE;
}

/* A request line that was cut: the method and a path are enough when no more will come. */
static enum app_status cut_short(const struct app_input *in, const struct app_sink *sink)
{
	static const char *const methods[] = {"GET /",	  "HEAD /",    "POST /",      "PUT /",
					      "DELETE /", "OPTIONS /", "GET http://", NULL};
	struct cursor c = in->data, method;

	if (!in->final || text_match_any(&c, methods) != TEXT_EQUAL ||
	    !text_until(&c, ' ', &method))
		return app_undecided(in);
	text_fact(sink, FACT_HTTP_METHOD, &method);
	return APP_DONE;
}

enum app_status app_http(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data;
	struct text_first_line line;

	switch (text_first_line(&c, "HTTP/1.", &line)) {
	case TEXT_DIFFERS: return APP_NO;
	case TEXT_SHORT: return cut_short(in, sink);
	case TEXT_EQUAL: break;
	}
	if (!line.response) {
		text_fact(sink, FACT_HTTP_METHOD, &line.method);
		return request(in, c, &line, sink);
	}
	text_fact(sink, FACT_HTTP_STATUS, &line.status);
	if (text_is(&line.reason, "connection established"))
		return tunnel(in, c, sink);
	return APP_DONE;
}

/* Searches and announcements go to port 1900, the answers come from any port but are as telling. */
enum app_status app_ssdp(const struct app_input *in, const struct app_sink *sink)
{
	static const char *const words[] = {"M-SEARCH * ", "NOTIFY * ", NULL};
	struct cursor line, c = in->data, value;

	if (text_match_any(&c, words) == TEXT_EQUAL)
		return app_http(in, sink);
	if (!text_is(&c, "HTTP/1."))
		return APP_NO;
	while (text_line(&c, &line))
		if (text_field(&line, "usn", &value))
			return app_http(in, sink);
	return APP_NO;
}
