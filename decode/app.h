/* SPDX-License-Identifier: MIT
 *
 * Application protocols: who recognises a payload, and what it tells.
 *
 * Each protocol is a parser in an app_*.c file and a row in decode/app_rows.h. Parsers are pure:
 * bytes in, facts out through a sink, no allocation, no state of their own. They are shown either
 * the beginning of each direction of a stream, in order and growing, or one datagram at a time.
 *
 * Facts are raw bytes of the wire: whoever keeps them makes them printable (base/vis.h).
 */
#ifndef SOCKLENS_DECODE_APP_H
#define SOCKLENS_DECODE_APP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"

/*    id            record field       several?  what it is                                      */
#define FACT_ROWS(X)                                                                               \
	X(DNS, "names.dns", true, "names asked for or answered (RFC 1035)")                        \
	X(SNI, "names.sni", false, "TLS or QUIC server name (RFC 6066)")                           \
	X(HOST, "names.host", false, "HTTP host or :authority (RFC 9110)")                         \
	X(ALPN, "names.alpn", true, "application protocols offered (RFC 7301)")                    \
	X(JA3, "names.ja3", false, "JA3 fingerprint of the client hello")                          \
	X(JA4, "names.ja4", false, "JA4 fingerprint of the client hello")                          \
	X(TLS_VERSION, "tls.version", false, "version the server chose")                           \
	X(TLS_ALPN, "tls.alpn", false, "application protocol the server chose")                    \
	X(HTTP_METHOD, "http.method", false, "first request's method")                             \
	X(HTTP_STATUS, "http.status", false, "first response's status")                            \
	X(HTTP_HOSTS, "http.hosts", true, "hosts of all requests, as far as there are few")          \
	X(SSH_BANNER, "ssh.banner", true, "identification strings (RFC 4253)")                     \
	X(SIP_CALL_ID, "sip.call_id", false, "call of a SIP dialogue (RFC 3261)")                  \
	X(DHCP_HOST, "dhcp.host_name", false, "name a host gives itself (RFC 2132)")               \
	X(SMB_DIALECT, "smb.dialect", false, "dialect the server chose")                           \
	X(QUIC_VERSION, "quic.version", false, "version of the first long header (RFC 9000)")        \
	X(QUIC_DCID, "quic.dcid", false, "connection id that the client sent first to")              \
	X(QUIC_SCID, "quic.scid", true, "connection ids that the ends gave themselves")

enum fact_kind {
#define X(id, field, several, help) FACT_##id,
	FACT_ROWS(X)
#undef X
	FACT_KINDS
};

struct fact_row {
	const char *field;
	bool several; /* a flow may have more than one */
	const char *help;
};
const struct fact_row *fact_row(enum fact_kind kind);

/* What a parser is shown. */
struct app_input {
	struct cursor data;   /* datagram, or the stream's beginning so far; p is never NULL */
	bool to_server;	      /* sent by the flow's originator */
	bool datagram;
	bool final;	      /* no more of this direction will come: a gap, the cap or the end */
	uint16_t port[2];     /* sender's, receiver's */
};

enum app_status {
	APP_NO,	  /* not this protocol; for a stream: never will be */
	APP_MORE, /* may be, or is and has more to tell: show it again when the stream has grown */
	APP_DONE, /* it is, and this direction has told all */
};

struct app_sink {
	void (*fact)(void *ctx, enum fact_kind kind, const void *bytes, size_t len);
	void *ctx;
};

static inline void app_fact(const struct app_sink *s, enum fact_kind kind, const void *bytes,
			    size_t len)
{
	if (len)
		s->fact(s->ctx, kind, bytes, len);
}

/* The answer when the bytes end before they could prove anything: more only if more can come. */
static inline enum app_status app_undecided(const struct app_input *in)
{
	return in->final || in->datagram ? APP_NO : APP_MORE;
}

/* The answer when the protocol is certain but the bytes end early. */
static inline enum app_status app_unfinished(const struct app_input *in)
{
	return in->final || in->datagram ? APP_DONE : APP_MORE;
}

/*
 * Emitting the same fact again is harmless, so a parser may start over each time it is shown a
 * longer beginning.
 */
typedef enum app_status (*app_fn)(const struct app_input *in, const struct app_sink *sink);

enum { APP_STREAM = 1 << 0, APP_DATAGRAM = 1 << 1, APP_NEEDS_PORT = 1 << 2 };

struct app_parser {
	const char *name; /* the flow's `app` label: "tls" */
	const char *reference;
	app_fn fn;
	uint8_t flags;	      /* APP_*; NEEDS_PORT: too weak a pattern without one of its ports */
	uint16_t ports[6];    /* tried first on these; 0 ends */
};

/* Once, before the first parser runs (and before a sandbox closes): readies the hash library. */
void app_parsers_init(void);

/* The rows, the most telling first; ids are indexes. */
const struct app_parser *app_parsers(unsigned *count);

/* Is either port one of the row's? */
bool app_on_port(const struct app_parser *p, const uint16_t port[2]);

/* Does the row apply to a payload between these ports? */
bool app_applies(const struct app_parser *p, bool datagram, const uint16_t port[2]);

#endif
