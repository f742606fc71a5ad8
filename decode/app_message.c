/* SPDX-License-Identifier: MIT
 *
 * STUN and TURN (RFC 8489), MQTT (OASIS, 3.1 to 5).
 *
 *   STUN: 0 (2 bits), type (14) | length (2) | cookie 2112a442 (4) | transaction (12)
 *   MQTT: 10 | remaining length (1-4, 7 bits each) | name length (2) "MQTT" or "MQIsdp"; answer 20
 * 02
 */
#include "decode/app_rows.h"
#include "decode/app_text.h"

enum {
	STUN_HEADER = 20,
	STUN_COOKIE = 0x2112a442,
	MQTT_CONNECT = 0x10,
	MQTT_ANSWER = 0x20,
};

enum app_status app_stun(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data;
	uint16_t type = cursor_be16(&c), len = cursor_be16(&c);
	uint32_t cookie = cursor_be32(&c);

	(void)sink;
	if (cursor_left(&in->data) && *in->data.p & 0xc0)
		return APP_NO;
	cursor_skip(&c, STUN_HEADER - 8);
	if (c.bad)
		return app_undecided(in);
	if (type & 0xc000 || len % 4 || cookie != STUN_COOKIE)
		return APP_NO;
	return !in->datagram || len == cursor_left(&c) ? APP_DONE : APP_NO;
}

enum app_status app_mqtt(const struct app_input *in, const struct app_sink *sink)
{
	static const char *const names[] = {"MQTT", "MQIsdp", NULL};
	struct cursor c = in->data;
	uint8_t type = cursor_u8(&c), b;
	unsigned bytes = 0;
	uint16_t len;

	(void)sink;
	if (type == MQTT_ANSWER && app_expected(in, APP_ID_mqtt))
		return APP_DONE;
	if (type != MQTT_CONNECT)
		return c.bad ? app_undecided(in) : APP_NO;
	do
		b = cursor_u8(&c);
	while (b & 0x80 && ++bytes < 4);
	len = cursor_be16(&c);
	if (!c.bad && len != 4 && len != 6)
		return APP_NO;
	switch (text_match_any(&c, names)) {
	case TEXT_EQUAL: return APP_DONE;
	case TEXT_SHORT: return app_undecided(in);
	default: return c.bad ? app_undecided(in) : APP_NO;
	}
}
