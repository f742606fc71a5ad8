/* SPDX-License-Identifier: MIT
 *
 * Fingerprints of client hellos. GREASE values (RFC 8701) count nowhere.
 *
 * JA3 = md5("version,ciphers,extensions,groups,formats"), decimal, '-' between list members.
 * JA4 = a_b_c with
 *   a  carrier, version, 'd' or 'i' (is there a server name), number of ciphers, number of
 * extensions, first and last character of the first ALPN protocol b  sha256(ciphers, sorted), 12
 * characters c  sha256(extensions but server name and ALPN, sorted "_" signature algorithms), 12
 * characters
 */
#include "decode/app_tls.h"

#include <ctype.h>
#include <gcrypt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { TEXT_MAX = 6144, LIST_MAX = 512, MD5_BYTES = 16, SHA256_BYTES = 32, JA4_HASH = 12 };
enum { EXT_SERVER_NAME = 0, EXT_ALPN = 16 };

/* Text for a hash: once too long it stays `full`, and no hash is made. */
struct text {
	char p[TEXT_MAX];
	size_t len;
	bool full;
};

struct values {
	uint16_t v[LIST_MAX];
	unsigned count;
	bool full;
};

static void __attribute__((format(printf, 2, 3))) put(struct text *t, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(t->p + t->len, TEXT_MAX - t->len, fmt, args);
	va_end(args);
	if (n < 0 || (size_t)n >= TEXT_MAX - t->len)
		t->full = true;
	else
		t->len += (size_t)n;
}

static void hex(char *out, const uint8_t *bytes, size_t n)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		*out++ = digits[bytes[i] >> 4];
		*out++ = digits[bytes[i] & 15];
	}
}

static void add(struct values *to, uint16_t v)
{
	if (tls_is_grease(v))
		return;
	if (to->count == LIST_MAX)
		to->full = true;
	else
		to->v[to->count++] = v;
}

static void numbers(struct values *to, struct cursor list, unsigned width)
{
	to->count = 0;
	while (cursor_left(&list) >= width)
		add(to, width == 1 ? cursor_u8(&list) : cursor_be16(&list));
}

static void extension_types(struct values *to, struct cursor list)
{
	to->count = 0;
	while (cursor_left(&list) >= 4) {
		add(to, cursor_be16(&list));
		cursor_skip(&list, cursor_be16(&list));
	}
}

/* --- JA3 --- */

static void decimal(struct text *t, const struct values *list, const char *end)
{
	for (unsigned i = 0; i < list->count; i++)
		put(t, i ? "-%u" : "%u", list->v[i]);
	put(t, "%s", end);
}

static void ja3(const struct tls_client_hello *h, const struct app_sink *sink)
{
	struct text t = {.len = 0};
	struct values list = {.count = 0};
	uint8_t digest[MD5_BYTES];
	char out[2 * MD5_BYTES];

	put(&t, "%u,", h->version);
	numbers(&list, h->ciphers, 2);
	decimal(&t, &list, ",");
	extension_types(&list, h->extensions);
	decimal(&t, &list, ",");
	numbers(&list, h->groups, 2);
	decimal(&t, &list, ",");
	numbers(&list, h->formats, 1);
	decimal(&t, &list, "");
	/* A library in FIPS mode has no MD5, and would rather die than say so. */
	if (t.full || list.full || gcry_md_test_algo(GCRY_MD_MD5))
		return;
	gcry_md_hash_buffer(GCRY_MD_MD5, digest, t.p, t.len);
	hex(out, digest, sizeof(digest));
	app_fact(sink, FACT_JA3, out, sizeof(out));
}

/* --- JA4 --- */

static int ascending(const void *a, const void *b)
{
	return *(const uint16_t *)a - *(const uint16_t *)b;
}

static void list_hex(struct text *t, const struct values *list)
{
	for (unsigned i = 0; i < list->count; i++)
		put(t, i ? ",%04x" : "%04x", list->v[i]);
}

static void sort(struct values *list)
{
	qsort(list->v, list->count, sizeof(list->v[0]), ascending);
}

static void short_hash(char out[JA4_HASH], const struct text *t)
{
	uint8_t digest[SHA256_BYTES] = {0};

	if (t->len)
		gcry_md_hash_buffer(GCRY_MD_SHA256, digest, t->p, t->len);
	hex(out, digest, JA4_HASH / 2);
}

/* Later versions of DTLS have smaller numbers. */
static bool newer(uint16_t a, uint16_t b)
{
	return a >> 8 == 0xfe ? a < b : a > b;
}

static const char *ja4_version(const struct tls_client_hello *h)
{
	static const struct {
		uint16_t version;
		char text[3];
	} names[] = {{0x0304, "13"}, {0x0303, "12"}, {0x0302, "11"}, {0x0301, "10"}, {0x0300, "s3"},
		     {0x0002, "s2"}, {0xfeff, "d1"}, {0xfefd, "d2"}, {0xfefc, "d3"}};
	struct values offered = {.count = 0};
	uint16_t best = h->version;

	numbers(&offered, h->versions, 2);
	for (unsigned i = 0; i < offered.count; i++)
		if (i == 0 || newer(offered.v[i], best))
			best = offered.v[i];
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].version == best)
			return names[i].text;
	return "00";
}

/* First and last character of the first protocol; of its hex form when those are not alphanumeric.
 */
static void ja4_alpn(char out[2], struct cursor alpn)
{
	struct cursor name = cursor_sub(&alpn, cursor_u8(&alpn));
	size_t n = cursor_left(&name);
	char ends[4];

	out[0] = out[1] = '0';
	if (!n)
		return;
	out[0] = (char)name.p[0];
	out[1] = (char)name.p[n - 1];
	if (isalnum(name.p[0]) && isalnum(name.p[n - 1]))
		return;
	hex(ends, &name.p[0], 1);
	hex(ends + 2, &name.p[n - 1], 1);
	out[0] = ends[0];
	out[1] = ends[3];
}

static unsigned at_most_99(unsigned n)
{
	return n < 99 ? n : 99;
}

static void without_names(struct values *list)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < list->count; i++)
		if (list->v[i] != EXT_SERVER_NAME && list->v[i] != EXT_ALPN)
			list->v[kept++] = list->v[i];
	list->count = kept;
}

static void ja4(const struct tls_client_hello *h, enum tls_carrier carrier,
		const struct app_sink *sink)
{
	struct text ciphers = {.len = 0}, extensions = {.len = 0}, out = {.len = 0};
	struct values list = {.count = 0};
	char alpn[2], b[JA4_HASH], c[JA4_HASH];
	unsigned cipher_count, extension_count;

	numbers(&list, h->ciphers, 2);
	cipher_count = list.count;
	sort(&list);
	list_hex(&ciphers, &list);
	extension_types(&list, h->extensions);
	extension_count = list.count;
	without_names(&list);
	sort(&list);
	list_hex(&extensions, &list);
	numbers(&list, h->signatures, 2);
	if (list.count)
		put(&extensions, "_");
	list_hex(&extensions, &list);
	if (list.full || ciphers.full || extensions.full)
		return;
	short_hash(b, &ciphers);
	short_hash(c, &extensions);
	ja4_alpn(alpn, h->alpn);
	put(&out, "%c%s%c%02u%02u%.2s_%.12s_%.12s", carrier, ja4_version(h),
	    h->has_server_name ? 'd' : 'i', at_most_99(cipher_count), at_most_99(extension_count),
	    alpn, b, c);
	app_fact(sink, FACT_JA4, out.p, out.len);
}

void tls_fingerprints(const struct tls_client_hello *h, enum tls_carrier carrier,
		      const struct app_sink *sink)
{
	ja3(h, sink);
	ja4(h, carrier, sink);
}
