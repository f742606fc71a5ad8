/* SPDX-License-Identifier: MIT
 *
 * Protocols in BER (X.690): LDAP (RFC 4511), SNMP (RFC 3416, RFC 3412) and Kerberos (RFC 4120).
 *
 *   tag (1) | length (1, or 0x80 + n and n bytes) | contents
 *   LDAP:  30 { 02 message id | operation 60-79 or 42, 4a, 50 }
 *   SNMP:  30 { 02 version | 04 community | PDU a0-a8 }, version 3: 30 { 02 3 | 30 ... }
 *   Kerberos: 6a-6f, 74-7e { 30 { a0/a1 { 02 01 05 ... on TCP after a length (4)
 *
 * After an LDAP extended operation, the agreement on TLS in practice, TLS may follow.
 */
#include "decode/app_rows.h"
#include "decode/app_tls.h"

enum {
	BER_INTEGER = 0x02,
	BER_OCTETS = 0x04,
	BER_SEQUENCE = 0x30,
	LDAP_EXTENDED_REQUEST = 0x77,
	LDAP_EXTENDED_RESPONSE = 0x78,
	SNMP_V3 = 3,
};

/* Tag and contents of one element; what is there of them when cut, with *whole false. */
static uint8_t element(struct cursor *c, struct cursor *contents, bool *whole)
{
	uint8_t tag = cursor_u8(c), n;
	size_t len = cursor_u8(c), left;

	if (len & 0x80) {
		n = len & 0x7f;
		if (n == 0 || n > 4)
			cursor_fail(c);
		for (len = 0; n && !c->bad; n--)
			len = len << 8 | cursor_u8(c);
	}
	left = cursor_left(c);
	*whole = !c->bad && len <= left;
	*contents = cursor_sub(c, len < left ? len : left);
	return tag;
}

/* A small unsigned integer; -1 when there is none. */
static long integer(struct cursor *c)
{
	struct cursor digits;
	bool whole;
	long value = 0;

	if (element(c, &digits, &whole) != BER_INTEGER || !whole || !cursor_left(&digits) ||
	    cursor_left(&digits) > 4 || *digits.p & 0x80)
		return -1;
	while (cursor_left(&digits))
		value = value << 8 | cursor_u8(&digits);
	return value;
}

static bool ldap_operation(uint8_t tag)
{
	static const uint8_t primitive[] = {0x42, 0x4a, 0x50}; /* unbind, delete, abandon */

	for (unsigned i = 0; i < sizeof(primitive); i++)
		if (tag == primitive[i])
			return true;
	return tag >= 0x60 && tag <= 0x79;
}

/* The operation of one message; 0 when the bytes are no message, or too few to say. */
static uint8_t ldap_message(struct cursor *c, bool *whole)
{
	struct cursor message;
	uint8_t tag;

	if (element(c, &message, whole) != BER_SEQUENCE || integer(&message) < 0)
		return 0;
	tag = cursor_u8(&message);
	return ldap_operation(tag) ? tag : 0;
}

/* Enough for tag, longest length, message id and operation. */
enum { LDAP_HEAD_MAX = 13 };

static enum app_status ldap_next(const struct app_input *in, struct cursor c,
				 const struct app_sink *sink)
{
	if (!cursor_left(&c))
		return app_unfinished(in);
	return *c.p == TLS_FIRST_BYTE ? tls_inside(in, c, sink) : APP_DONE;
}

enum app_status app_ldap(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data;
	bool whole;
	uint8_t operation;

	if (cursor_left(&c) && *c.p != BER_SEQUENCE)
		return APP_NO;
	operation = ldap_message(&c, &whole);
	if (!operation)
		return cursor_left(&in->data) < LDAP_HEAD_MAX ? app_undecided(in) : APP_NO;
	if (operation != LDAP_EXTENDED_REQUEST && operation != LDAP_EXTENDED_RESPONSE)
		return APP_DONE;
	return whole ? ldap_next(in, c, sink) : app_unfinished(in);
}

enum app_status app_snmp(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data, message, part;
	bool whole;
	long version;
	uint8_t tag;

	(void)sink;
	if (element(&c, &message, &whole) != BER_SEQUENCE)
		return APP_NO;
	version = integer(&message);
	if (version < 0 || version > SNMP_V3)
		return APP_NO;
	tag = element(&message, &part, &whole);
	if (version == SNMP_V3)
		return tag == BER_SEQUENCE && !message.bad ? APP_DONE : APP_NO;
	if (tag != BER_OCTETS || !whole)
		return APP_NO;
	tag = cursor_u8(&message);
	return tag >= 0xa0 && tag <= 0xa8 ? APP_DONE : APP_NO;
}

static bool kerberos_tag(uint8_t tag)
{
	return (tag >= 0x6a && tag <= 0x6f) || (tag >= 0x74 && tag <= 0x76) || tag == 0x7e;
}

enum app_status app_kerberos(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data, message, sequence, field;
	bool whole;

	(void)sink;
	if (!in->datagram)
		cursor_skip(&c, 4);
	if (!kerberos_tag(element(&c, &message, &whole)))
		return cursor_left(&in->data) < 5 ? app_undecided(in) : APP_NO;
	if (element(&message, &sequence, &whole) != BER_SEQUENCE)
		return app_undecided(in);
	if ((element(&sequence, &field, &whole) & 0xfe) != 0xa0)
		return app_undecided(in);
	return integer(&field) == 5 ? APP_DONE : app_undecided(in);
}
