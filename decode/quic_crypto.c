/* SPDX-License-Identifier: MIT
 *
 * Initial secrets (RFC 9001 5.2), AES-128-GCM (5.3) and header protection (5.4).
 *
 *   initial = HKDF-Extract(salt of the version, client's first destination connection id)
 *   client  = HKDF-Expand-Label(initial, "client in")
 *   key, iv, hp = HKDF-Expand-Label(client, "quic key" | "quic iv" | "quic hp")
 *
 * The first byte and the packet number are masked by AES-ECB(hp, 16 bytes of ciphertext); the
 * header, unmasked, is the associated data; the nonce is iv xor packet number.
 */
#include "decode/quic_crypto.h"

#include <gcrypt.h>
#include <string.h>

enum { SALT = 20, SECRET = 32, KEY = 16, IV = 12, TAG = 16, SAMPLE = 16, NUMBER_MAX = 4 };

/* clang-format off */
enum salt { SALT_DRAFT_23, SALT_DRAFT_29, SALT_V1, SALT_V2, SALT_Q050, SALT_T050, SALT_T051 };

static const uint8_t salts[][SALT] = {
	[SALT_DRAFT_23] = {0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb, 0x5a, 0x11, 0xa7,
			   0xd2, 0x43, 0x2b, 0xb4, 0x63, 0x65, 0xbe, 0xf9, 0xf5, 0x02},
	[SALT_DRAFT_29] = {0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97,
			   0x86, 0xf1, 0x9c, 0x61, 0x11, 0xe0, 0x43, 0x90, 0xa8, 0x99},
	[SALT_V1]	= {0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17,
			   0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a},
	[SALT_V2]	= {0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93,
			   0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9},
	[SALT_Q050]	= {0x50, 0x45, 0x74, 0xef, 0xd0, 0x66, 0xfe, 0x2f, 0x9d, 0x94,
			   0x5c, 0xfc, 0xdb, 0xd3, 0xa7, 0xf0, 0xd3, 0xb5, 0x6b, 0x45},
	[SALT_T050]	= {0x7f, 0xf5, 0x79, 0xe5, 0xac, 0xd0, 0x72, 0x91, 0x55, 0x80,
			   0x30, 0x4c, 0x43, 0xa2, 0x36, 0x7c, 0x60, 0x48, 0x83, 0x10},
	[SALT_T051]	= {0x7a, 0x4e, 0xde, 0xf4, 0xe7, 0xcc, 0xee, 0x5f, 0xa4, 0x50,
			   0x6c, 0x19, 0x12, 0x4f, 0xc8, 0xcc, 0xda, 0x6e, 0x03, 0x3d},
};

/* Versions and how they make keys. Drafts count from 0xff000000; Google's are text. */
static const struct scheme {
	uint32_t first, last;
	enum salt salt;
	const char *key, *iv, *hp; /* labels */
} schemes[] = {
	{0x00000001, 0x00000001, SALT_V1, "quic key", "quic iv", "quic hp"},
	{0x6b3343cf, 0x6b3343cf, SALT_V2, "quicv2 key", "quicv2 iv", "quicv2 hp"},
	{0xff000021, 0xff000022, SALT_V1, "quic key", "quic iv", "quic hp"},	   /* drafts 33, 34 */
	{0xff00001d, 0xff000020, SALT_DRAFT_29, "quic key", "quic iv", "quic hp"}, /* 29 to 32 */
	{0xff000017, 0xff00001c, SALT_DRAFT_23, "quic key", "quic iv", "quic hp"}, /* 23 to 28 */
	{0xfaceb002, 0xfaceb002, SALT_DRAFT_23, "quic key", "quic iv", "quic hp"}, /* Facebook's */
	{0x51303530, 0x51303530, SALT_Q050, "quic key", "quic iv", "quic hp"},
	{0x54303530, 0x54303530, SALT_T050, "quic key", "quic iv", "quic hp"},
	{0x54303531, 0x54303531, SALT_T051, "quic key", "quic iv", "quic hp"},
};
/* clang-format on */

struct keys {
	uint8_t key[KEY], iv[IV], hp[KEY];
};

enum { SCHEMES = sizeof(schemes) / sizeof(schemes[0]) };

/* A version made to be refused (RFC 9000 15) is sealed like one its sender speaks: the tag tells.
 */
static bool fits(const struct scheme *s, uint32_t version)
{
	return (version >= s->first && version <= s->last) || quic_is_reserved(version);
}

/* --- HKDF (RFC 5869) with SHA-256; no output here is longer than one block --- */

static bool hmac(uint8_t out[SECRET], const uint8_t *key, size_t key_len, const uint8_t *data,
		 size_t len)
{
	uint8_t copy[2][64]; /* the library's vectors are not const */
	gcry_buffer_t parts[2] = {{.data = copy[0], .len = key_len}, {.data = copy[1], .len = len}};

	if (key_len > sizeof(copy[0]) || len > sizeof(copy[1]))
		return false;
	memcpy(copy[0], key, key_len);
	memcpy(copy[1], data, len);
	return !gcry_md_hash_buffers(GCRY_MD_SHA256, GCRY_MD_FLAG_HMAC, out, parts, 2);
}

/* HKDF-Expand-Label of RFC 8446 7.1, with an empty context. */
static bool expand_label(uint8_t *out, size_t n, const uint8_t secret[SECRET], const char *label)
{
	static const char prefix[] = "tls13 ";
	size_t label_len = strlen(label), len = 0;
	uint8_t info[64], block[SECRET];

	info[len++] = 0;
	info[len++] = (uint8_t)n;
	info[len++] = (uint8_t)(sizeof(prefix) - 1 + label_len);
	memcpy(info + len, prefix, sizeof(prefix) - 1);
	len += sizeof(prefix) - 1;
	memcpy(info + len, label, label_len);
	len += label_len;
	info[len++] = 0; /* no context */
	info[len++] = 1; /* first block */
	if (!hmac(block, secret, SECRET, info, len))
		return false;
	memcpy(out, block, n);
	return true;
}

static bool client_keys(struct keys *k, const struct scheme *s, const uint8_t *cid, size_t cid_len)
{
	uint8_t initial[SECRET], client[SECRET];

	return hmac(initial, salts[s->salt], SALT, cid, cid_len) &&
	       expand_label(client, SECRET, initial, "client in") &&
	       expand_label(k->key, KEY, client, s->key) &&
	       expand_label(k->iv, IV, client, s->iv) && expand_label(k->hp, KEY, client, s->hp);
}

/* --- one packet --- */

static bool mask(uint8_t out[SAMPLE], const uint8_t hp[KEY], const uint8_t *sample)
{
	gcry_cipher_hd_t h;
	bool ok;

	if (gcry_cipher_open(&h, GCRY_CIPHER_AES128, GCRY_CIPHER_MODE_ECB, 0))
		return false;
	ok = !gcry_cipher_setkey(h, hp, KEY) &&
	     !gcry_cipher_encrypt(h, out, SAMPLE, sample, SAMPLE);
	gcry_cipher_close(h);
	return ok;
}

/* The header with its protection off: what changes is its first byte and the packet number. */
struct header {
	const uint8_t *bytes;
	size_t number_at;
	uint8_t first, number[NUMBER_MAX];
	unsigned number_len;
};

static bool open_header(struct header *out, const struct quic_packet *p, const struct keys *k)
{
	struct cursor c = p->all;
	uint8_t m[SAMPLE];
	const uint8_t *number, *sample;

	out->bytes = c.p;
	out->number_at = p->number_at;
	cursor_skip(&c, p->number_at);
	number = cursor_bytes(&c, NUMBER_MAX);
	sample = cursor_bytes(&c, SAMPLE);
	if (!sample || !mask(m, k->hp, sample))
		return false;
	out->first = out->bytes[0] ^ (m[0] & 0x0f);
	out->number_len = (out->first & 3u) + 1;
	for (unsigned i = 0; i < out->number_len; i++)
		out->number[i] = number[i] ^ m[1 + i];
	return true;
}

/* An Initial packet's number is small: what is sent of it is all of it. */
static void make_nonce(uint8_t nonce[IV], const struct keys *k, const struct header *h)
{
	memcpy(nonce, k->iv, IV);
	for (unsigned i = 0; i < h->number_len; i++)
		nonce[IV - h->number_len + i] ^= h->number[i];
}

static bool open_body(uint8_t *body, size_t n, const uint8_t tag[TAG], const struct keys *k,
		      const struct header *header)
{
	gcry_cipher_hd_t h;
	uint8_t nonce[IV];
	bool ok;

	if (gcry_cipher_open(&h, GCRY_CIPHER_AES128, GCRY_CIPHER_MODE_GCM, 0))
		return false;
	make_nonce(nonce, k, header);
	ok = !gcry_cipher_setkey(h, k->key, KEY) && !gcry_cipher_setiv(h, nonce, IV) &&
	     !gcry_cipher_authenticate(h, &header->first, 1) &&
	     !gcry_cipher_authenticate(h, header->bytes + 1, header->number_at - 1) &&
	     !gcry_cipher_authenticate(h, header->number, header->number_len) &&
	     !gcry_cipher_decrypt(h, body, n, NULL, 0) && !gcry_cipher_checktag(h, tag, TAG);
	gcry_cipher_close(h);
	return ok;
}

static size_t open_packet(const struct quic_packet *p, const struct keys *k,
			  uint8_t out[QUIC_PACKET_MAX])
{
	struct cursor c = p->all;
	struct header header;
	size_t n;

	if (!open_header(&header, p, k))
		return 0;
	cursor_skip(&c, p->number_at + header.number_len);
	n = cursor_left(&c);
	if (n <= TAG || n - TAG > QUIC_PACKET_MAX)
		return 0;
	n -= TAG;
	memcpy(out, c.p, n);
	return open_body(out, n, c.p + n, k, &header) ? n : 0;
}

size_t quic_decrypt(const struct quic_packet *p, const uint8_t *cid, size_t cid_len,
		    uint8_t out[QUIC_PACKET_MAX])
{
	struct keys k;
	size_t n = 0;

	if (p->type != QUIC_INITIAL)
		return 0;
	for (unsigned i = 0; i < SCHEMES && !n; i++)
		if (fits(&schemes[i], p->version) && client_keys(&k, &schemes[i], cid, cid_len))
			n = open_packet(p, &k, out);
	return n;
}
