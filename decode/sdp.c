/* SPDX-License-Identifier: MIT
 *
 * SDP (RFC 8866 5, 6.6). Each line is a letter, '=' and a value:
 *
 *   c=IN IP4 192.0.2.1                    before the first m= it holds for all media
 *   m=audio 49170 RTP/AVP 0 96
 *   a=rtpmap:96 opus/48000/2
 */
#include "decode/sdp.h"

#include <ctype.h>
#include <string.h>

#include "decode/rtp.h"

/* The bytes up to the end of the line, which is stepped over. */
static struct cursor line(struct cursor *c)
{
	const uint8_t *end = memchr(c->p, '\n', cursor_left(c));
	struct cursor l = cursor_sub(c, end ? (size_t)(end - c->p) : cursor_left(c));

	if (end)
		cursor_skip(c, 1);
	if (cursor_left(&l) && l.end[-1] == '\r')
		cursor_limit(&l, cursor_left(&l) - 1);
	return l;
}

/* The bytes up to one of two separators, which is stepped over. */
static struct cursor word(struct cursor *l, char a, char b)
{
	size_t n = 0;
	struct cursor w;

	while (n < cursor_left(l) && l->p[n] != a && l->p[n] != b)
		n++;
	w = cursor_sub(l, n);
	if (cursor_left(l))
		cursor_skip(l, 1);
	return w;
}

static bool prefix(struct cursor *l, const char *text)
{
	size_t n = strlen(text);

	if (cursor_left(l) < n || memcmp(l->p, text, n))
		return false;
	cursor_skip(l, n);
	return true;
}

static bool number(struct cursor w, uint32_t max, uint32_t *out)
{
	uint64_t v = 0;

	if (!cursor_left(&w))
		return false;
	while (cursor_left(&w)) {
		uint8_t digit = (uint8_t)(cursor_u8(&w) - '0');

		v = v * 10 + digit;
		if (digit > 9 || v > max)
			return false;
	}
	*out = (uint32_t)v;
	return true;
}

/* Only what a token may hold that is safe to show. */
static void copy_token(char *out, size_t cap, struct cursor w)
{
	size_t n = 0;

	while (n + 1 < cap && cursor_left(&w)) {
		uint8_t ch = cursor_u8(&w);

		if (!isalnum(ch) && !strchr("-_.+", ch))
			break;
		out[n++] = (char)ch;
	}
	out[n] = '\0';
}

static struct sdp_codec *find(struct sdp_media *m, uint32_t payload_type)
{
	for (unsigned i = 0; i < m->codec_count; i++)
		if (m->codecs[i].payload_type == payload_type)
			return &m->codecs[i];
	return NULL;
}

const struct sdp_codec *sdp_codec(const struct sdp_media *m, uint8_t payload_type)
{
	for (unsigned i = 0; i < m->codec_count; i++)
		if (m->codecs[i].payload_type == payload_type)
			return &m->codecs[i];
	return NULL;
}

static void add_codec(struct sdp_media *m, uint8_t payload_type)
{
	const struct rtp_codec *known = rtp_codec(payload_type);
	struct sdp_codec *codec;

	if (m->codec_count == SDP_CODECS_MAX)
		return;
	codec = &m->codecs[m->codec_count++];
	*codec = (struct sdp_codec){.payload_type = payload_type};
	if (known) {
		copy_token(codec->name, sizeof(codec->name),
			   cursor_init(known->name, strlen(known->name)));
		codec->clock_hz = known->clock_hz;
	}
}

/* m=<kind> <port>[/<ports>] <transport> <payload types> */
static void media(struct sdp_media *m, struct cursor l)
{
	struct cursor ports, transport;
	uint32_t v;

	*m = (struct sdp_media){.addr = m->addr};
	copy_token(m->kind, sizeof(m->kind), word(&l, ' ', ' '));
	ports = word(&l, ' ', ' ');
	m->port = number(word(&ports, '/', '/'), UINT16_MAX, &v) ? (uint16_t)v : 0;
	transport = word(&l, ' ', ' ');
	if (!memmem(transport.p, cursor_left(&transport), "RTP/", 4))
		return;
	while (cursor_left(&l))
		if (number(word(&l, ' ', ' '), 127, &v))
			add_codec(m, (uint8_t)v);
}

/* a=rtpmap:<payload type> <name>/<clock>[/<channels>] */
static void rtpmap(struct sdp_media *m, struct cursor l)
{
	struct sdp_codec *codec;
	struct cursor name;
	uint32_t type, clock_hz;

	if (!number(word(&l, ' ', ' '), 127, &type) || !(codec = find(m, type)))
		return;
	name = word(&l, '/', '/');
	if (!number(word(&l, '/', ' '), UINT32_MAX, &clock_hz))
		return;
	copy_token(codec->name, sizeof(codec->name), name);
	codec->clock_hz = clock_hz;
}

/* c=IN IP4|IP6 <address>[/...] */
static void connection(struct addr *out, struct cursor l)
{
	char text[ADDR_TEXT_MAX];
	struct cursor w;

	if (!prefix(&l, "IN IP4 ") && !prefix(&l, "IN IP6 "))
		return;
	w = word(&l, '/', ' ');
	if (cursor_left(&w) >= sizeof(text))
		return;
	memcpy(text, w.p, cursor_left(&w));
	text[cursor_left(&w)] = '\0';
	addr_parse(out, text);
}

bool sdp_parse(struct cursor c, struct sdp *out)
{
	struct addr all = {.b = {0}};
	struct sdp_media *m = NULL;
	struct cursor l = line(&c);

	out->media_count = 0;
	if (!prefix(&l, "v=0"))
		return false;
	while (cursor_left(&c)) {
		l = line(&c);
		if (prefix(&l, "m=")) {
			if (out->media_count == SDP_MEDIA_MAX)
				break;
			m = &out->media[out->media_count++];
			m->addr = all;
			media(m, l);
		} else if (prefix(&l, "c=")) {
			connection(m ? &m->addr : &all, l);
		} else if (m && prefix(&l, "a=rtpmap:")) {
			rtpmap(m, l);
		}
	}
	return out->media_count;
}
