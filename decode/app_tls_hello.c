/* SPDX-License-Identifier: MIT
 *
 * Client and server hello (RFC 8446 4.1, RFC 5246 7.4.1, RFC 6347 4.2.1).
 *
 *   client: version (2) | random (32) | session id <1> | DTLS only: cookie <1> | ciphers <2> |
 *           compressions <1> | extensions <2>
 *   server: version (2) | random (32) | session id <1> | cipher (2) | compression (1) |
 *           extensions <2>
 *   extension: type (2) | length (2) | data          (<n>: a length of n bytes, then the data)
 */
#include "decode/app_tls.h"

#include <string.h>

enum {
	EXT_SERVER_NAME = 0,
	EXT_GROUPS = 10,
	EXT_FORMATS = 11,
	EXT_SIGNATURES = 13,
	EXT_ALPN = 16,
	EXT_VERSIONS = 43,
	RANDOM = 32,
	SESSION_ID_MAX = 32,
	HOST_NAME = 0,
};

const char *tls_version_name(uint16_t version)
{
	static const struct {
		uint16_t version;
		const char *name;
	} names[] = {
		{0x0002, "SSLv2"},    {0x0300, "SSLv3"},    {0x0301, "TLSv1.0"},
		{0x0302, "TLSv1.1"},  {0x0303, "TLSv1.2"},  {0x0304, "TLSv1.3"},
		{0x0100, "DTLSv1.0"}, /* OpenSSL before 0.9.8f */
		{0xfeff, "DTLSv1.0"}, {0xfefd, "DTLSv1.2"}, {0xfefc, "DTLSv1.3"},
	};

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].version == version)
			return names[i].name;
	return version >> 8 == 0x7f ? "TLSv1.3" : NULL; /* its drafts */
}

/* A list with a length of 1 or 2 bytes before it; limited to what is there. */
static struct cursor list(struct cursor *c, unsigned length_bytes)
{
	size_t n = length_bytes == 1 ? cursor_u8(c) : cursor_be16(c);

	return cursor_sub(c, n);
}

/* The next extension of *c; false at the end, with c bad when it was cut. */
static bool extension(struct cursor *c, uint16_t *type, struct cursor *data)
{
	if (!cursor_left(c))
		return false;
	*type = cursor_be16(c);
	*data = list(c, 2);
	return !c->bad;
}

/* The extensions of a hello: what is there of them, and whether that is all. */
static struct cursor extensions(struct cursor *c, bool *whole)
{
	size_t n = cursor_be16(c);

	*whole = !c->bad && n <= cursor_left(c);
	cursor_limit(c, n);
	return *c;
}

static void client_extension(struct tls_client_hello *h, uint16_t type, struct cursor data)
{
	switch (type) {
	case EXT_SERVER_NAME:
		h->has_server_name = true;
		h->server_name = list(&data, 2);
		break;
	case EXT_GROUPS: h->groups = list(&data, 2); break;
	case EXT_FORMATS: h->formats = list(&data, 1); break;
	case EXT_SIGNATURES: h->signatures = list(&data, 2); break;
	case EXT_ALPN: h->alpn = list(&data, 2); break;
	case EXT_VERSIONS: h->versions = list(&data, 1); break;
	}
}

/* false when the bytes are no client hello, cut or not. */
static bool parse(struct tls_client_hello *h, struct cursor c, bool datagram)
{
	const struct cursor none = cursor_init(c.p, 0);
	struct cursor session, walk, data;
	uint16_t type;

	*h = (struct tls_client_hello){.ciphers = none,
				       .extensions = none,
				       .groups = none,
				       .formats = none,
				       .signatures = none,
				       .versions = none,
				       .alpn = none,
				       .server_name = none};
	h->version = cursor_be16(&c);
	cursor_skip(&c, RANDOM);
	session = list(&c, 1);
	if (!tls_version_name(h->version) || cursor_left(&session) > SESSION_ID_MAX)
		return false;
	if (datagram)
		list(&c, 1);
	h->ciphers = list(&c, 2);
	if (!c.bad && (cursor_left(&h->ciphers) < 2 || cursor_left(&h->ciphers) % 2))
		return false;
	list(&c, 1);
	if (c.bad)
		return true;
	h->whole = true;
	if (!cursor_left(&c))
		return true;
	walk = h->extensions = extensions(&c, &h->whole);
	while (extension(&walk, &type, &data))
		client_extension(h, type, data);
	h->whole &= !walk.bad;
	return true;
}

static void server_name(struct cursor names, const struct app_sink *sink)
{
	while (cursor_left(&names)) {
		uint8_t type = cursor_u8(&names);
		struct cursor name = list(&names, 2);

		if (names.bad)
			return;
		if (type == HOST_NAME) {
			app_fact(sink, FACT_SNI, name.p, cursor_left(&name));
			return;
		}
	}
}

static void protocols(struct cursor alpn, enum fact_kind kind, const struct app_sink *sink)
{
	while (cursor_left(&alpn)) {
		struct cursor name = list(&alpn, 1);

		if (alpn.bad)
			return;
		app_fact(sink, kind, name.p, cursor_left(&name));
	}
}

bool tls_client_hello(struct cursor body, enum tls_carrier carrier, const struct app_sink *sink)
{
	struct tls_client_hello h;

	if (!parse(&h, body, carrier == TLS_OVER_UDP))
		return false;
	server_name(h.server_name, sink);
	protocols(h.alpn, FACT_ALPN, sink);
	if (h.whole)
		tls_fingerprints(&h, carrier, sink);
	return true;
}

bool tls_server_hello(struct cursor body, const struct app_sink *sink)
{
	struct cursor c = body, walk, data;
	uint16_t version = cursor_be16(&c), type;
	const char *name;
	bool whole;

	if (!tls_version_name(version))
		return false;
	cursor_skip(&c, RANDOM);
	list(&c, 1);
	cursor_skip(&c, 3);
	if (c.bad)
		return true;
	walk = extensions(&c, &whole);
	while (extension(&walk, &type, &data)) {
		if (type == EXT_VERSIONS && cursor_left(&data) == 2)
			version = cursor_be16(&data);
		else if (type == EXT_ALPN)
			protocols(list(&data, 2), FACT_TLS_ALPN, sink);
	}
	name = tls_version_name(version);
	if (name)
		app_fact(sink, FACT_TLS_VERSION, name, strlen(name));
	return true;
}
