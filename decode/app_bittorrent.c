/* SPDX-License-Identifier: MIT
 *
 * BitTorrent: peers (BEP 3), distributed hash table (BEP 5), UDP trackers (BEP 15) and transport
 * (BEP 29).
 *
 *   peer:    13 "BitTorrent protocol"
 *   table:   a bencoded dictionary, "d1:ad2:id20:..." query, "d1:rd2:id20:..." answer, "d1:eli"
 * error tracker: 00 00 04 17 27 10 19 80 | action 0 (4) | transaction (4) uTP:     type (4 bits),
 * version 1 (4) | extension (1) | connection (2) | times (8) | window (4) | sequence (2) |
 * acknowledged (2)                            only a lone SYN is telling
 */
#include "decode/app_rows.h"
#include "decode/app_text.h"

enum { UTP_HEADER = 20, UTP_SYN = 0x41, TRACKER_REQUEST = 16 };

static const uint64_t tracker_magic = 0x0000041727101980;

static bool utp_syn(struct cursor c)
{
	uint8_t first = cursor_u8(&c), extension = cursor_u8(&c);
	uint32_t window;

	cursor_skip(&c, 6);
	if (cursor_be32(&c) != 0) /* no packet of the peer's to have a delay */
		return false;
	window = cursor_be32(&c);
	cursor_skip(&c, 2);
	return first == UTP_SYN && extension <= 2 && window && cursor_be16(&c) == 0 && !c.bad;
}

static enum app_status datagram(struct cursor c)
{
	static const char *const tables[] = {"d1:ad2:id20:", "d1:rd2:id20:", "d2:ip", "d1:el",
					     NULL};
	size_t len = cursor_left(&c);

	if (text_match_any(&c, tables) == TEXT_EQUAL)
		return c.end[-1] == 'e' ? APP_DONE : APP_NO;
	if ((len == UTP_HEADER || len == UTP_HEADER + 10) && utp_syn(c))
		return APP_DONE;
	return len == TRACKER_REQUEST && cursor_be64(&c) == tracker_magic ? APP_DONE : APP_NO;
}

enum app_status app_bittorrent(const struct app_input *in, const struct app_sink *sink)
{
	(void)sink;
	if (in->datagram)
		return datagram(in->data);
	switch (text_match(&in->data, "\x13"
				      "BitTorrent protocol")) {
	case TEXT_EQUAL: return APP_DONE;
	case TEXT_SHORT: return app_undecided(in);
	default: return APP_NO;
	}
}
