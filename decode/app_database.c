/* SPDX-License-Identifier: MIT
 *
 * Database servers: MySQL and MariaDB (client/server protocol, version 10), PostgreSQL (protocol
 * 3), Redis (RESP), MongoDB (wire protocol), SQL Server (MS-TDS).
 *
 *   MySQL:      length (3, LE) | sequence (1) | payload; greeting: 0a | version text | 0 | ...
 *   PostgreSQL: length (4) | code (4) | ... from a client; type (1) | length (4) | ... otherwise
 *   MongoDB:    length (4, LE) | request (4) | response to (4) | opcode (4)
 *   TDS:        type (1) | status (1) | length (2) | spid (2) | packet (1) | window (1)
 *
 * MySQL and PostgreSQL may agree on TLS in their first messages.
 */
#include <ctype.h>

#include "decode/app_rows.h"
#include "decode/app_text.h"
#include "decode/app_tls.h"

enum {
	MYSQL_HEADER = 4,
	MYSQL_VERSION = 10,
	MYSQL_VERSION_TEXT_MAX = 64,
	MYSQL_LOGIN_MIN = 32, /* a login; of exactly this length: a request for TLS */
	MYSQL_CAN_TLS = 0x0800,
	POSTGRES_STARTUP = 0x00030000,
	POSTGRES_CANCEL = 80877102,
	POSTGRES_TLS = 80877103,
	POSTGRES_GSS = 80877104,
	POSTGRES_STARTUP_MAX = 10000,
	MONGODB_REPLY = 1,
	MONGODB_HEADER = 16,
	MONGODB_MAX = 48 << 20,
};

static enum app_status mysql_greeting(const struct app_input *in, struct cursor c)
{
	struct cursor version;

	cursor_skip(&c, 1);
	if (!text_until(&c, 0, &version))
		return cursor_left(&c) > MYSQL_VERSION_TEXT_MAX ? APP_NO : app_undecided(in);
	if (!cursor_left(&version) || !isdigit(*version.p) || !text_plain(&version))
		return APP_NO;
	return APP_DONE;
}

static enum app_status mysql_login(const struct app_input *in, struct cursor c, size_t len,
				   const struct app_sink *sink)
{
	uint32_t can = cursor_le16(&c);

	if (len < MYSQL_LOGIN_MIN || !app_expected(in, APP_ID_mysql))
		return APP_NO;
	if (len != MYSQL_LOGIN_MIN || !(can & MYSQL_CAN_TLS))
		return APP_DONE;
	cursor_skip(&c, MYSQL_LOGIN_MIN - 2);
	return c.bad ? app_unfinished(in) : tls_inside(in, c, sink);
}

enum app_status app_mysql(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data;
	size_t len = cursor_le16(&c);
	uint8_t sequence;

	len |= (size_t)cursor_u8(&c) << 16;
	sequence = cursor_u8(&c);
	if (cursor_left(&in->data) < MYSQL_HEADER + 2)
		return app_undecided(in);
	if (sequence == 1)
		return mysql_login(in, c, len, sink);
	return sequence == 0 && len > 40 && len < 512 && *c.p == MYSQL_VERSION
		       ? mysql_greeting(in, c)
		       : APP_NO;
}

/* A server's first bytes: its answer about encryption, an authentication request or an error. */
static enum app_status postgres_server(const struct app_input *in, struct cursor c,
				       const struct app_sink *sink)
{
	uint8_t type = cursor_u8(&c);
	uint32_t len;

	if (cursor_left(&c) == 0)
		return type == 'S' || type == 'N' || type == 'R' || type == 'E' ? app_undecided(in)
										: APP_NO;
	if (type == 'S' && *c.p == TLS_FIRST_BYTE)
		return app_expected(in, APP_ID_postgres) ? tls_inside(in, c, sink) : APP_NO;
	if (type == 'N' && (*c.p == 'R' || *c.p == 'E'))
		type = cursor_u8(&c);
	if (type != 'R' && type != 'E')
		return APP_NO;
	if (cursor_left(&c) < 8)
		return cursor_left(&c) && *c.p ? APP_NO : app_undecided(in);
	len = cursor_be32(&c);
	if (type == 'E')
		return len < POSTGRES_STARTUP_MAX && text_is(&c, "S") ? APP_DONE : APP_NO;
	return len >= 8 && len < 512 && cursor_be32(&c) <= 12 ? APP_DONE : APP_NO;
}

enum app_status app_postgres(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data;
	uint32_t len, code;

	if (cursor_left(&c) && *c.p != 0)
		return postgres_server(in, c, sink);
	len = cursor_be32(&c);
	code = cursor_be32(&c);
	if (c.bad)
		return cursor_left(&in->data) > 1 && in->data.p[1] ? APP_NO : app_undecided(in);
	if (len < 8 || len > POSTGRES_STARTUP_MAX)
		return APP_NO;
	if (code == POSTGRES_TLS || code == POSTGRES_GSS) {
		if (!cursor_left(&c))
			return app_unfinished(in);
		return *c.p == TLS_FIRST_BYTE ? tls_inside(in, c, sink) : APP_DONE;
	}
	return code == POSTGRES_STARTUP || code == POSTGRES_CANCEL ? APP_DONE : APP_NO;
}

/* An array of bulk strings, "*2 CR LF $3 CR LF GET ...": what every client sends. */
enum app_status app_redis(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data, line;

	(void)sink;
	if (cursor_left(&c) && *c.p != '*')
		return APP_NO;
	if (!text_line(&c, &line))
		return cursor_left(&c) < 8 ? app_undecided(in) : APP_NO;
	for (cursor_skip(&line, 1); cursor_left(&line); cursor_skip(&line, 1))
		if (!isdigit(*line.p))
			return APP_NO;
	if (cursor_left(&c) < 2)
		return app_undecided(in);
	return c.p[0] == '$' && isdigit(c.p[1]) ? APP_DONE : APP_NO;
}

enum app_status app_mongodb(const struct app_input *in, const struct app_sink *sink)
{
	static const uint32_t opcodes[] = {2004, 2012, 2013}; /* query, compressed, message */
	struct cursor c = in->data;
	uint32_t len = cursor_le32(&c), opcode;

	(void)sink;
	cursor_skip(&c, 8);
	opcode = cursor_le32(&c);
	if (c.bad)
		return app_undecided(in);
	if (opcode == MONGODB_REPLY && app_expected(in, APP_ID_mongodb))
		return APP_DONE;
	for (unsigned i = 0; i < sizeof(opcodes) / sizeof(opcodes[0]); i++)
		if (opcodes[i] == opcode)
			return len > MONGODB_HEADER && len < MONGODB_MAX ? APP_DONE : APP_NO;
	return APP_NO;
}

enum app_status app_tds(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data;
	uint8_t type = cursor_u8(&c), status = cursor_u8(&c), window;
	uint16_t len = cursor_be16(&c);

	(void)sink;
	cursor_skip(&c, 3);
	window = cursor_u8(&c);
	if (c.bad)
		return app_undecided(in);
	if ((type != 1 && type != 4 && type != 16 && type != 18) || status > 1)
		return APP_NO;
	return len >= 8 && len <= 32767 && window == 0 ? APP_DONE : APP_NO;
}
