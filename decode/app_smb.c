/* SPDX-License-Identifier: MIT
 *
 * SMB 1 (MS-CIFS), 2 and 3 (MS-SMB2) over a NetBIOS session (RFC 1002) or directly on TCP: the
 * dialect that the server chose.
 *
 *   session: type (1) | length (3)                0: message; 0x81-0x85: session control
 *   SMB 1:   FF "SMB" | command (1) | status (4) | flags (1) | ... to byte 32 | words (1) | ...
 *   SMB 2:   FE "SMB" | size 64 (2) | charge (2) | status (4) | command (2) | credits (2) |
 *            flags (4) | ... to byte 64 | body
 *   negotiate response, SMB 2: size 65 (2) | security mode (2) | dialect (2)
 */
#include <string.h>

#include "base/cursor.h"
#include "decode/app_rows.h"

enum {
	SESSION_HEADER = 4,
	SESSION_MESSAGE = 0,
	SESSION_REQUEST = 0x81,
	SESSION_KEEP_ALIVE = 0x85,
	SMB1_HEADER = 32,
	SMB1_NEGOTIATE = 0x72,
	SMB1_REPLY = 0x80,
	SMB1_WORDS_NT = 17,	/* of a negotiate response in dialect NT LM 0.12 */
	SMB1_WORDS_LANMAN = 13, /* in an older one */
	SMB2_HEADER = 64,
	SMB2_NEGOTIATE = 0,
	SMB2_REPLY = 1,
	DIALECT_WILDCARD = 0x02ff, /* "any 2.x": a second negotiation follows */
};

static const char *dialect_name(uint16_t dialect)
{
	static const struct {
		uint16_t dialect;
		const char *name;
	} names[] = {{0x0202, "2.0.2"}, {0x0210, "2.1"},   {0x0300, "3.0"},
		     {0x0302, "3.0.2"}, {0x0311, "3.1.1"}, {DIALECT_WILDCARD, "2.?"}};

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].dialect == dialect)
			return names[i].name;
	return NULL;
}

static void emit(const struct app_sink *sink, const char *name)
{
	if (name)
		app_fact(sink, FACT_SMB_DIALECT, name, strlen(name));
}

/* true when the direction has told all. */
static bool smb1(struct cursor c, const struct app_sink *sink)
{
	uint8_t command, flags, words;

	cursor_skip(&c, 4);
	command = cursor_u8(&c);
	cursor_skip(&c, 4);
	flags = cursor_u8(&c);
	cursor_skip(&c, SMB1_HEADER - 10);
	words = cursor_u8(&c);
	if (c.bad || command != SMB1_NEGOTIATE || !(flags & SMB1_REPLY))
		return true;
	if (words == SMB1_WORDS_NT || words == SMB1_WORDS_LANMAN)
		emit(sink, words == SMB1_WORDS_NT ? "NT LM 0.12" : "LANMAN");
	return true;
}

static bool smb2(struct cursor c, const struct app_sink *sink)
{
	uint16_t command, dialect;
	uint32_t flags;

	cursor_skip(&c, 12);
	command = cursor_le16(&c);
	cursor_skip(&c, 2);
	flags = cursor_le32(&c);
	cursor_skip(&c, SMB2_HEADER - 20);
	cursor_skip(&c, 4);
	dialect = cursor_le16(&c);
	if (command != SMB2_NEGOTIATE || !(flags & SMB2_REPLY) || c.bad)
		return true;
	if (dialect == DIALECT_WILDCARD)
		return false;
	emit(sink, dialect_name(dialect));
	return true;
}

static bool plausible(const uint8_t *p, size_t n)
{
	if (n > 0 && p[0] != SESSION_MESSAGE)
		return p[0] >= SESSION_REQUEST && p[0] <= SESSION_KEEP_ALIVE &&
		       (n < 2 || p[1] <= 1);
	if (n > 4 && p[4] < 0xfc) /* FC compressed, FD encrypted, FE 2, FF 1 */
		return false;
	return n <= 5 || memcmp(p + 5, "SMB", n - 5 < 3 ? n - 5 : 3) == 0;
}

/* Each session message in turn, until one ends the negotiation. */
enum app_status app_smb(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data, message;

	if (!plausible(c.p, cursor_left(&c)))
		return APP_NO;
	/* One byte of session control is too little to be recognised by. */
	if (cursor_left(&c) && *c.p != SESSION_MESSAGE && !app_expected(in, APP_ID_smb))
		return APP_NO;
	if (cursor_left(&c) < SESSION_HEADER + 4)
		return app_undecided(in);
	while (cursor_left(&c) >= SESSION_HEADER + 4) {
		uint8_t type = cursor_u8(&c);
		size_t len = cursor_be24(&c), left = cursor_left(&c);

		if (type == SESSION_MESSAGE && (len < 4 || memcmp(c.p + 1, "SMB", 3) != 0))
			return APP_DONE;
		if (len > left)
			return app_unfinished(in);
		message = cursor_sub(&c, len);
		if (type != SESSION_MESSAGE)
			continue;
		if (*message.p == 0xff ? smb1(message, sink)
				       : *message.p != 0xfe || smb2(message, sink))
			return APP_DONE;
	}
	return app_unfinished(in);
}
