/* SPDX-License-Identifier: MIT
 *
 * Measuring and management: NTP (RFC 5905), syslog (RFC 5424), RADIUS (RFC 2865), NetFlow and IPFIX
 * (RFC 3954, RFC 7011), sFlow 5.
 *
 *   NTP:     leap (2 bits), version (3), mode (3) | stratum (1) | ... 48 bytes; modes 6 and 7
 * shorter syslog:  "<" priority ">" RADIUS:  code (1) | id (1) | length (2) | authenticator (16)
 *   NetFlow: version 1, 5, 7, 9 (2) | count (2); IPFIX: 10 (2) | length (2)
 *   sFlow:   5 (4) | address type 1 or 2 (4)
 */
#include <ctype.h>

#include "decode/app_rows.h"

enum {
	NTP_PACKET = 48,
	NTP_CONTROL_MIN = 8,
	NTP_MODE_CONTROL = 6,
	NTP_MODE_PRIVATE = 7,
	RADIUS_HEADER = 20,
	RADIUS_CODE_MAX = 52,
	IPFIX_VERSION = 10,
	NETFLOW_ROWS_MAX = 64,
	PRIORITY_MAX = 191,
};

enum app_status app_ntp(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data;
	size_t len = cursor_left(&c);
	uint8_t first = cursor_u8(&c), version = first >> 3 & 7, mode = first & 7;

	(void)sink;
	if (version < 1 || version > 4 || mode == 0)
		return APP_NO;
	if (mode == NTP_MODE_CONTROL || mode == NTP_MODE_PRIVATE)
		return len >= NTP_CONTROL_MIN ? APP_DONE : APP_NO;
	return len >= NTP_PACKET ? APP_DONE : APP_NO;
}

enum app_status app_syslog(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data;
	unsigned priority = 0, digits;

	(void)sink;
	if (cursor_u8(&c) != '<')
		return c.bad ? app_undecided(in) : APP_NO;
	for (digits = 0; cursor_left(&c) && isdigit(*c.p) && digits < 3; digits++)
		priority = priority * 10 + (cursor_u8(&c) - (unsigned)'0');
	if (!cursor_left(&c))
		return app_undecided(in);
	return digits && priority <= PRIORITY_MAX && *c.p == '>' ? APP_DONE : APP_NO;
}

enum app_status app_radius(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data;
	size_t all = cursor_left(&c), len;
	uint8_t code = cursor_u8(&c);

	(void)sink;
	cursor_skip(&c, 1);
	len = cursor_be16(&c);
	if (c.bad || code == 0 || code > RADIUS_CODE_MAX)
		return APP_NO;
	return len >= RADIUS_HEADER && len <= all ? APP_DONE : APP_NO;
}

enum app_status app_netflow(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data;
	size_t all = cursor_left(&c);
	uint16_t version = cursor_be16(&c), count = cursor_be16(&c);

	(void)sink;
	if (c.bad || !count)
		return APP_NO;
	if (version == IPFIX_VERSION)
		return count == all ? APP_DONE : APP_NO;
	return (version == 1 || version == 5 || version == 7 || version == 9) &&
			       count <= NETFLOW_ROWS_MAX
		       ? APP_DONE
		       : APP_NO;
}

enum app_status app_sflow(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data;
	uint32_t version = cursor_be32(&c), address = cursor_be32(&c);

	(void)sink;
	return !c.bad && version == 5 && (address == 1 || address == 2) ? APP_DONE : APP_NO;
}
