/* SPDX-License-Identifier: MIT
 *
 * QUIC: headers, Initial packets of the RFCs' appendices, a client hello in pieces, Google's hello.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "decode/app.h"
#include "decode/quic.h"

/* clang-format off */

/* RFC 9001 A.2 */
static const char v1_initial[] =
	"c000000001088394c8f03e5157080000449e7b9aec34d1b1c98dd7689fb8ec11d242b123dc9bd8bab936b47d"
	"92ec356c0bab7df5976d27cd449f63300099f3991c260ec4c60d17b31f8429157bb35a1282a643a8d2262cad"
	"67500cadb8e7378c8eb7539ec4d4905fed1bee1fc8aafba17c750e2c7ace01e6005f80fcb7df621230c83711"
	"b39343fa028cea7f7fb5ff89eac2308249a02252155e2347b63d58c5457afd84d05dfffdb20392844ae81215"
	"4682e9cf012f9021a6f0be17ddd0c2084dce25ff9b06cde535d0f920a2db1bf362c23e596d11a4f5a6cf3948"
	"838a3aec4e15daf8500a6ef69ec4e3feb6b1d98e610ac8b7ec3faf6ad760b7bad1db4ba3485e8a94dc250ae3"
	"fdb41ed15fb6a8e5eba0fc3dd60bc8e30c5c4287e53805db059ae0648db2f64264ed5e39be2e20d82df566da"
	"8dd5998ccabdae053060ae6c7b4378e846d29f37ed7b4ea9ec5d82e7961b7f25a9323851f681d582363aa5f8"
	"9937f5a67258bf63ad6f1a0b1d96dbd4faddfcefc5266ba6611722395c906556be52afe3f565636ad1b17d50"
	"8b73d8743eeb524be22b3dcbc2c7468d54119c7468449a13d8e3b95811a198f3491de3e7fe942b330407abf8"
	"2a4ed7c1b311663ac69890f4157015853d91e923037c227a33cdd5ec281ca3f79c44546b9d90ca00f064c99e"
	"3dd97911d39fe9c5d0b23a229a234cb36186c4819e8b9c5927726632291d6a418211cc2962e20fe47feb3edf"
	"330f2c603a9d48c0fcb5699dbfe5896425c5bac4aee82e57a85aaf4e2513e4f05796b07ba2ee47d80506f8d2"
	"c25e50fd14de71e6c418559302f939b0e1abd576f279c4b2e0feb85c1f28ff18f58891ffef132eef2fa09346"
	"aee33c28eb130ff28f5b766953334113211996d20011a198e3fc433f9f2541010ae17c1bf202580f6047472f"
	"b36857fe843b19f5984009ddc324044e847a4f4a0ab34f719595de37252d6235365e9b84392b061085349d73"
	"203a4a13e96f5432ec0fd4a1ee65accdd5e3904df54c1da510b0ff20dcc0c77fcb2c0e0eb605cb0504db8763"
	"2cf3d8b4dae6e705769d1de354270123cb11450efc60ac47683d7b8d0f811365565fd98c4c8eb936bcab8d06"
	"9fc33bd801b03adea2e1fbc5aa463d08ca19896d2bf59a071b851e6c239052172f296bfb5e72404790a21810"
	"14f3b94a4e97d117b438130368cc39dbb2d198065ae3986547926cd2162f40a29f0c3c8745c0f50fba3852e5"
	"66d44575c29d39a03f0cda721984b6f440591f355e12d439ff150aab7613499dbd49adabc8676eef023b15b6"
	"5bfc5ca06948109f23f350db82123535eb8a7433bdabcb909271a6ecbcb58b936a88cd4e8f2e6ff5800175f1"
	"13253d8fa9ca8885c2f552e657dc603f252e1a8e308f76f0be79e2fb8f5d5fbbe2e30ecadd220723c8c0aea8"
	"078cdfcb3868263ff8f0940054da48781893a7e49ad5aff4af300cd804a6b6279ab3ff3afb64491c85194aab"
	"760d58a606654f9f4400e8b38591356fbf6425aca26dc85244259ff2b19c41b9f96f3ca9ec1dde434da7d2d3"
	"92b905ddf3d1f9af93d1af5950bd493f5aa731b4056df31bd267b6b90a079831aaf579be0a39013137aac6d4"
	"04f518cfd46840647e78bfe706ca4cf5e9c5453e9f7cfd2b8b4c8d169a44e55c88d4a9a7f9474241e221af44"
	"860018ab0856972e194cd934";

/* RFC 9369 A.2 */
static const char v2_initial[] =
	"d76b3343cf088394c8f03e5157080000449ea0c95e82ffe67b6abcdb4298b485dd04de806071bf03dceebfa1"
	"62e75d6c96058bdbfb127cdfcbf903388e99ad049f9a3dd4425ae4d0992cfff18ecf0fdb5a842d09747052f1"
	"7ac2053d21f57c5d250f2c4f0e0202b70785b7946e992e58a59ac52dea6774d4f03b55545243cf1a12834e3f"
	"249a78d395e0d18f4d766004f1a2674802a747eaa901c3f10cda5500cb9122faa9f1df66c392079a1b40f0de"
	"1c6054196a11cbea40afb6ef5253cd6818f6625efce3b6def6ba7e4b37a40f7732e093daa7d52190935b8da5"
	"8976ff3312ae50b187c1433c0f028edcc4c2838b6a9bfc226ca4b4530e7a4ccee1bfa2a3d396ae5a3fb51238"
	"4b2fdd851f784a65e03f2c4fbe11a53c7777c023462239dd6f7521a3f6c7d5dd3ec9b3f233773d4b46d23cc3"
	"75eb198c63301c21801f6520bcfb7966fc49b393f0061d974a2706df8c4a9449f11d7f3d2dcbb90c6b877045"
	"636e7c0c0fe4eb0f697545460c806910d2c355f1d253bc9d2452aaa549e27a1fac7cf4ed77f322e8fa894b6a"
	"83810a34b361901751a6f5eb65a0326e07de7c1216ccce2d0193f958bb3850a833f7ae432b65bc5a53975c15"
	"5aa4bcb4f7b2c4e54df16efaf6ddea94e2c50b4cd1dfe06017e0e9d02900cffe1935e0491d77ffb4fdf85290"
	"fdd893d577b1131a610ef6a5c32b2ee0293617a37cbb08b847741c3b8017c25ca9052ca1079d8b78aebd4787"
	"6d330a30f6a8c6d61dd1ab5589329de714d19d61370f8149748c72f132f0fc99f34d766c6938597040d8f9e2"
	"bb522ff99c63a344d6a2ae8aa8e51b7b90a4a806105fcbca31506c446151adfeceb51b91abfe43960977c874"
	"71cf9ad4074d30e10d6a7f03c63bd5d4317f68ff325ba3bd80bf4dc8b52a0ba031758022eb025cdd770b44d6"
	"d6cf0670f4e990b22347a7db848265e3e5eb72dfe8299ad7481a408322cac55786e52f633b2fb6b614eaed18"
	"d703dd84045a274ae8bfa73379661388d6991fe39b0d93debb41700b41f90a15c4d526250235ddcd6776fc77"
	"bc97e7a417ebcb31600d01e57f32162a8560cacc7e27a096d37a1a86952ec71bd89a3e9a30a2a26162984d77"
	"40f81193e8238e61f6b5b984d4d3dfa033c1bb7e4f0037febf406d91c0dccf32acf423cfa1e7071010d3f270"
	"121b493ce85054ef58bada42310138fe081adb04e2bd901f2f13458b3d6758158197107c14ebb193230cd115"
	"7380aa79cae1374a7c1e5bbcb80ee23e06ebfde206bfb0fcbc0edc4ebec309661bdd908d532eb0c6adc38b7c"
	"a7331dce8dfce39ab71e7c32d318d136b6100671a1ae6a6600e3899f31f0eed19e3417d134b90c9058f8632c"
	"798d4490da4987307cba922d61c39805d072b589bd52fdf1e86215c2d54e6670e07383a27bbffb5addf47d66"
	"aa85a0c6f9f32e59d85a44dd5d3b22dc2be80919b490437ae4f36a0ae55edf1d0b5cb4e9a3ecabee93dfc6e3"
	"8d209d0fa6536d27a5d6fbb17641cde27525d61093f1b28072d111b2b4ae5f89d5974ee12e5cf7d5da4d6a31"
	"123041f33e61407e76cffcdcfd7e19ba58cf4b536f4c4938ae79324dc402894b44faf8afbab35282ab659d13"
	"c93f70412e85cb199a37ddec600545473cfb5a05e08d0b209973b2172b4d21fb69745a262ccde96ba18b2faa"
	"745b6fe189cf772a9f84cbfc";

/*
 * The same hello in two packets with a token, made by another implementation: PING, CRYPTO 180-240,
 * 60-129; then ACK with ECN counts, CRYPTO 0-59, 130-179.
 */
static const char hello_part1[] =
	"c500000001088394c8f03e5157080003aabbcc40a2a7ef41b411dcdac8e31ac2a65395c4c876c31b1022faa3"
	"afe8e44e894091652304340c8a1b69408b77a6831f26eb10f264759c3261d621ecb2f5301520b5603e1c35ae"
	"d05b070605ce812e07ec11aa50db6fcfdb5f119cfc8950651ddf4c21a6041f82f525e26c0851253c99f97132"
	"533af090ec20c0c69f4bc38b79c72e867a7503f738798dc15db5b323e98fdd073b291794d9da87a85225eca0"
	"f91693bb646958";
static const char hello_part2[] =
	"cd00000001088394c8f03e5157080003aabbcc40950e2a693fabbd0787c3cfe3de9ae4323cda2463676788a0"
	"1c98f2d2110d6c5c064ecaaf9cea3f44ecd44852d54c30afb5bfb77322af81dedc16406119a50fb8c61acfc8"
	"bfba3d4f87871a8a4c5f875113c80b4fed819b481c18318d2276beee898d8158e5bfe286e9ac325b4fbfd9d9"
	"f62d302d706d6330e1470dbce9e1baae1a8d4961cf06fd9ca0fe0dbd77ececf44c922dc3f961";

/* clang-format on */

#define BYTES(text) cursor_init((text), sizeof(text) - 1)

static unsigned digit(char c)
{
	return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

/* An exact heap copy of the first n bytes of a text of hex digits. */
static struct cursor from_hex(const char *hex, size_t n)
{
	uint8_t *p = malloc(n ? n : 1);

	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
	return cursor_init(p, n);
}

/* Made by another implementation: a version that exists to be refused, sealed as draft 29; and
 * T050. */
static const char reserved_initial[] =
	"c81a2a3a4a088394c8f03e515708000040789d71fb66bcd593032bf7dd89986fd7426508bef46003dbe6ca5f"
	"f1451b580210be9bee90105debbde8b8084f8d3e7e4d04d1082dc440032537aba0daf013699dd17779eb9ba1"
	"8ab631f9ade2581c596618be609b95b22b8af76768f2d50f11fcf94d9e933c6d6748826b97c3f82860416922"
	"aa31af2c219c";
static const char t050_initial[] =
	"cc54303530088394c8f03e51570800004077b4337c59188efa2246f0b72e241dcaccb393095e7fb28bc33f67"
	"dcd5018c50924c03cfe663baae2bd81dca4b7c9d0a791ebb96c95b0d91ba11c8c955f07553361177c74821fd"
	"c71e355d81a5fc04ae654bc772698096a28ad5c95ae91c51e7910cd7df70e08b682109a5853ad9777914a26d"
	"a132cb9ffd";

static void done(struct cursor c)
{
	void *p;

	memcpy(&p, &c.p, sizeof(p));
	free(p);
}

static enum quic_status feed(struct quic_hello *h, const char *hex, size_t n)
{
	struct cursor c = from_hex(hex, n);
	enum quic_status s = quic_hello_feed(h, c);

	done(c);
	return s;
}

/* "field=value " of each fact. */
struct told {
	char text[512];
	size_t len;
};

static void tell(void *ctx, enum fact_kind kind, const void *bytes, size_t len)
{
	const char *field = fact_row(kind)->field;
	struct told *t = ctx;

	assert_true(t->len + strlen(field) + len + 3 < sizeof(t->text));
	memcpy(t->text + t->len, field, strlen(field));
	t->len += strlen(field);
	t->text[t->len++] = '=';
	memcpy(t->text + t->len, bytes, len);
	t->len += len;
	t->text[t->len++] = ' ';
}

static struct told facts(const struct quic_hello *h)
{
	struct told t = {.len = 0};
	struct app_sink sink = {.fact = tell, .ctx = &t};

	quic_hello_emit(h, &sink);
	return t;
}

static void assert_tells(const struct quic_hello *h, const char *what)
{
	struct told t = facts(h);

	assert_non_null(strstr(t.text, what));
}

static void test_rfc9001(void **state)
{
	struct quic_hello h;

	(void)state;
	quic_hello_init(&h);
	assert_int_equal(feed(&h, v1_initial, strlen(v1_initial) / 2), QUIC_DONE);
	assert_int_equal(h.len, 4 + 0xed);
	assert_tells(&h, "quic.version=v1 ");
	assert_tells(&h, "names.sni=example.com ");
	assert_tells(&h, "names.alpn=alpn ");
	/* two suites, eleven extensions; the hashes by another program */
	assert_tells(&h, "names.ja4=q13d0211an_62ed6f6ca7ad_4d634acda6c0 ");
}

static void test_rfc9369(void **state)
{
	struct quic_hello h;

	(void)state;
	quic_hello_init(&h);
	assert_int_equal(feed(&h, v2_initial, strlen(v2_initial) / 2), QUIC_DONE);
	assert_tells(&h, "quic.version=v2 ");
	assert_tells(&h, "names.sni=example.com ");
}

static void test_every_prefix_tells_no_name(void **state)
{
	struct quic_hello h;
	size_t whole = strlen(hello_part1) / 2;

	(void)state;
	for (size_t n = 0; n < whole; n++) {
		quic_hello_init(&h);
		assert_int_not_equal(feed(&h, hello_part1, n), QUIC_DONE);
		assert_int_equal(h.cid_len, 0);
		assert_null(strstr(facts(&h).text, "names"));
	}
}

/* The tag is over all: a packet with any bit of it changed is not decrypted. */
static void test_every_byte_changed(void **state)
{
	size_t n = strlen(hello_part1) / 2;
	struct cursor c = from_hex(hello_part1, n);
	uint8_t *bytes;
	struct quic_hello h;

	(void)state;
	memcpy(&bytes, &c.p, sizeof(bytes));
	for (size_t i = 0; i < n; i++) {
		bytes[i] ^= 0x10;
		quic_hello_init(&h);
		quic_hello_feed(&h, c);
		assert_int_equal(h.cid_len, 0);
		bytes[i] ^= 0x10;
	}
	done(c);
}

static void test_hello_in_pieces(void **state)
{
	struct quic_hello h;

	(void)state;
	quic_hello_init(&h);
	assert_int_equal(feed(&h, hello_part1, strlen(hello_part1) / 2), QUIC_MORE);
	assert_null(strstr(facts(&h).text, "names"));
	assert_int_equal(feed(&h, hello_part1, strlen(hello_part1) / 2),
			 QUIC_MORE); /* sent again */
	assert_int_equal(feed(&h, hello_part2, strlen(hello_part2) / 2), QUIC_DONE);
	assert_int_equal(h.len, 0xf1);
	assert_tells(&h, "names.sni=example.com ");
}

static void test_reserved_version(void **state)
{
	struct quic_hello h;

	(void)state;
	quic_hello_init(&h);
	assert_int_equal(feed(&h, reserved_initial, strlen(reserved_initial) / 2), QUIC_DONE);
	assert_tells(&h, "names.sni=refused.example ");
}

static void test_google_over_tls(void **state)
{
	struct quic_hello h;

	(void)state;
	quic_hello_init(&h);
	assert_int_equal(feed(&h, t050_initial, strlen(t050_initial) / 2), QUIC_DONE);
	assert_tells(&h, "names.sni=google.example ");
}

static void test_long_headers(void **state)
{
	struct cursor c = BYTES("\xe0\0\0\0\1\1d\2ss\3abc"
				"\xd0\x6b\x33\x43\xcf\0\0\0\2ab");
	struct quic_packet p;

	(void)state;
	assert_true(quic_packet(&c, &p));
	assert_int_equal(p.type, QUIC_HANDSHAKE);
	assert_int_equal(cursor_left(&p.dcid), 1);
	assert_int_equal(cursor_left(&p.scid), 2);
	assert_int_equal(cursor_left(&p.all), 14);
	assert_true(quic_packet(&c, &p)); /* the next of the same datagram */
	assert_int_equal(p.type, QUIC_INITIAL);
	assert_int_equal(p.number_at, 9);
	assert_false(quic_packet(&c, &p));
}

static bool is_packet(struct cursor c)
{
	struct quic_packet p;

	return quic_packet(&c, &p);
}

static void test_what_is_no_long_header(void **state)
{
	(void)state;
	assert_true(is_packet(BYTES("\xc0\0\0\0\1\0\0\0\1x")));
	assert_false(is_packet(BYTES("\x40\0\0\0\1\0\0\0\1x"))); /* short */
	assert_false(is_packet(BYTES("\x80\0\0\0\1\0\0\0\1x"))); /* no fixed bit */
	assert_false(is_packet(BYTES("\xc0\0\0\1\1\0\0\0\1x"))); /* no such version */
	assert_false(is_packet(BYTES("\xc0\0\0\0\1\x15"
				     "123456789012345678901\0\0\1x"))); /* long id */
	assert_true(
		is_packet(BYTES("\x80\0\0\0\0\1a\1b\0\0\0\1\x1a\x2a\x3a\x4a"))); /* negotiation */
	assert_false(is_packet(BYTES("\x80\0\0\0\0\1a\1b\0\0\0\7")));
	assert_false(is_packet(BYTES("\x80\0\0\0\0\1a\1b\0\0\0\1\0")));
}

static void assert_version(uint32_t version, const char *want)
{
	char text[QUIC_VERSION_TEXT_MAX];
	size_t n = quic_version_text(text, version);

	assert_int_equal(n, strlen(want));
	assert_memory_equal(text, want, n);
}

static void test_version_names(void **state)
{
	(void)state;
	assert_version(1, "v1");
	assert_version(0x6b3343cf, "v2");
	assert_version(0xff00001d, "draft-29");
	assert_version(0x51303436, "Q046");
	assert_version(0x1a2a3a4a, "0x1a2a3a4a");
}

/* Flags, connection id, version, packet number, hash; stream frame; tags PAD (2 bytes) and SNI. */
#define CHLO_TAGS "CHLO\2\0\0\0PAD\0\2\0\0\0SNI\0\x0b\0\0\0--a.example"
#define CHLO_Q024                                                                                  \
	"\x0d"                                                                                     \
	"12345678Q024\1"                                                                           \
	"0123456789ab\xa0\1\x29\0" CHLO_TAGS
#define CHLO_Q046                                                                                  \
	"\xc3Q046\x50"                                                                             \
	"12345678\0\0\0\1"                                                                         \
	"0123456789ab\xa0\1\x29\0" CHLO_TAGS

static void test_google_hello(void **state)
{
	struct quic_hello h;

	(void)state;
	quic_hello_init(&h);
	assert_int_equal(quic_hello_feed(&h, BYTES(CHLO_Q024)), QUIC_DONE);
	assert_string_equal(facts(&h).text, "quic.version=Q024 names.sni=a.example ");
	quic_hello_init(&h);
	assert_int_equal(quic_hello_feed(&h, BYTES(CHLO_Q046)), QUIC_DONE);
	assert_string_equal(facts(&h).text, "quic.version=Q046 names.sni=a.example ");
	assert_true(quic_chlo_tag(BYTES(CHLO_TAGS), "VER\0").bad);
	for (size_t n = 0; n < sizeof(CHLO_Q024) - 1; n++) {
		quic_hello_init(&h);
		quic_hello_feed(&h, cursor_init(CHLO_Q024, n));
		assert_null(strstr(facts(&h).text, "names"));
	}
}

static int ready(void **state)
{
	(void)state;
	app_parsers_init();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rfc9001),
		cmocka_unit_test(test_rfc9369),
		cmocka_unit_test(test_every_prefix_tells_no_name),
		cmocka_unit_test(test_every_byte_changed),
		cmocka_unit_test(test_hello_in_pieces),
		cmocka_unit_test(test_reserved_version),
		cmocka_unit_test(test_google_over_tls),
		cmocka_unit_test(test_long_headers),
		cmocka_unit_test(test_what_is_no_long_header),
		cmocka_unit_test(test_version_names),
		cmocka_unit_test(test_google_hello),
	};

	return cmocka_run_group_tests(tests, ready, NULL);
}
