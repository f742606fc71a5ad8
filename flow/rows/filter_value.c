/* SPDX-License-Identifier: MIT
 *
 * What is written behind an operator, read as the type of the field needs it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/fmt.h"
#include "decode/packet.h"
#include "flow/rows/filter_private.h"

/* --- numbers ---------------------------------------------------------------------------------- */

static bool keep(int64_t *v, uint64_t n)
{
	if (n > INT64_MAX)
		return false;
	*v = (int64_t)n;
	return true;
}

static bool read_count(int64_t *v, const char *text)
{
	uint64_t n;

	return parse_count(&n, text) && keep(v, n);
}

static bool read_size(int64_t *v, const char *text)
{
	uint64_t n;

	return parse_bytes(&n, text) && keep(v, n);
}

static bool read_bitrate(int64_t *v, const char *text)
{
	uint64_t n;

	return parse_bitrate(&n, text) && keep(v, n);
}

/* A bare number could be meant in seconds or in the ns of the field's name. */
static bool read_duration(int64_t *v, const char *text)
{
	bool has_unit = text[strspn(text, "0123456789.")] || !strcmp(text, "0");

	return has_unit && parse_duration(v, text);
}

static bool read_proto(int64_t *v, const char *text)
{
	uint64_t n;

	for (int i = 0; i <= UINT8_MAX; i++) {
		const char *name = proto_name((uint8_t)i);

		if (name && strcasecmp(name, text) == 0) {
			*v = i;
			return true;
		}
	}
	return parse_u64(&n, text, UINT8_MAX) && keep(v, n);
}

static bool read_name(int64_t *v, const char *text, const char *const *names, int count)
{
	for (int i = 0; i < count; i++) {
		if (strcasecmp(names[i], text) != 0)
			continue;
		*v = i;
		return true;
	}
	return false;
}

#define X(id, name) name,
static const char *const matches[] = {MATCH_ROWS(X)};
static const char *const reasons[] = {UNBOUND_ROWS(X)};
#undef X

static bool read_match(int64_t *v, const char *text)
{
	return read_name(v, text, matches, sizeof(matches) / sizeof(matches[0]));
}

static bool read_reason(int64_t *v, const char *text)
{
	return read_name(v, text, reasons, sizeof(reasons) / sizeof(reasons[0])) && *v;
}

/* Words with a blank before each. */
#define X(id, name)  " " name
#define MATCH_WORDS  MATCH_ROWS(X)
#define REASON_WORDS UNBOUND_ROWS(X)

/* The types that are compared as numbers; all others are addresses or texts. */
static const struct number_type {
	bool (*read)(int64_t *v, const char *text);
	const char *wanted;
	bool ordered, is_signed;
} number_types[] = {
	[FIELD_INT] = {read_count, "give a number, such as 10 or 1.5k", true, true},
	[FIELD_BYTES] = {read_size, "give a size, such as 1500, 64KiB or 1.5M", true, true},
	[FIELD_BITRATE] = {read_bitrate, "give bits a second, such as 64k or 10Mbit", true, true},
	[FIELD_DURATION] = {read_duration, "give a time with its unit, such as 10ms, 1.5s or 2m",
			    true, true},
	[FIELD_TIME] = {parse_time, "give a time in UTC, such as 2026-01-02T03:04:05", true, false},
	[FIELD_PROTO] = {read_proto, "give a protocol, such as tcp, udp or 132", false, false},
	[FIELD_VERSION] = {read_count, "give a version, such as 4 or 6", true, false},
	[FIELD_MATCH] = {read_match, "there are" MATCH_WORDS, false, false},
	[FIELD_REASON] = {read_reason, "there are" REASON_WORDS, false, false},
};

#undef X

static const struct number_type *number_type(const struct field *f)
{
	bool inside = f->type < sizeof(number_types) / sizeof(number_types[0]);

	return inside && number_types[f->type].read ? &number_types[f->type] : NULL;
}

static bool read_number(int64_t *v, const struct number_type *t, const char *text)
{
	bool negative = t->is_signed && *text == '-';

	if (!t->read(v, text + negative))
		return false;
	if (negative)
		*v = -*v;
	return true;
}

/* The numbers that are `op` than n. ROW_ABSENT, the smallest of all, is never one of them. */
static void range_of(struct value *v, enum filter_op op, int64_t n)
{
	v->kind = VALUE_RANGE;
	v->low = INT64_MIN + 1;
	v->high = INT64_MAX;
	switch (op) {
	case OP_LESS: v->high = n - 1; break;
	case OP_AT_MOST: v->high = n; break;
	case OP_AT_LEAST: v->low = n; break;
	case OP_MORE:
		v->low = n;
		if (n == INT64_MAX)
			v->high = 0;
		else
			v->low++;
		break;
	default: v->low = v->high = n; break;
	}
}

static bool is_order(enum filter_op op)
{
	return op >= OP_LESS && op <= OP_AT_LEAST;
}

/* "a..b", both ends within. */
static bool read_range(struct value *v, const struct number_type *t, const char *text)
{
	const char *dots = strstr(text, "..");
	char low[FMT_MAX];
	int64_t a, b;

	if (!dots || (size_t)(dots - text) >= sizeof(low))
		return false;
	memcpy(low, text, (size_t)(dots - text));
	low[dots - text] = '\0';
	if (!read_number(&a, t, low) || !read_number(&b, t, dots + 2))
		return false;
	*v = (struct value){.kind = VALUE_RANGE, .low = a, .high = b};
	return true;
}

static int number_value(struct value *v, const struct number_type *t, enum filter_op op,
			const char *text, const char **why)
{
	int64_t n;

	*why = t->wanted;
	if (is_order(op) && !t->ordered) {
		*why = "this has no order: use = or !=";
		return -EINVAL;
	}
	if (!is_order(op) && t->ordered && read_range(v, t, text))
		return 0;
	if (!read_number(&n, t, text))
		return -EINVAL;
	range_of(v, op, n);
	return 0;
}

/* --- addresses and texts ---------------------------------------------------------------------- */

/* "10.0.0.0/8", "2001:db8::/32", or one address. */
static bool read_network(struct value *v, const char *text)
{
	const char *slash = strchr(text, '/');
	char addr[ADDR_TEXT_MAX];
	size_t n = slash ? (size_t)(slash - text) : strlen(text);
	uint64_t bits;

	if (n >= sizeof(addr))
		return false;
	memcpy(addr, text, n);
	addr[n] = '\0';
	if (!addr_parse(&v->addr, addr))
		return false;
	bits = addr_is_v4(&v->addr) ? 32 : 128;
	v->prefix = 128 - (unsigned)bits;
	if (slash && !parse_u64(&bits, slash + 1, bits))
		return false;
	v->prefix += (unsigned)bits;
	v->kind = VALUE_NETWORK;
	return true;
}

/* Addresses may be kept as texts, and a network is hardly anything else. */
static bool is_network(struct value *v, const char *text)
{
	return strchr(text, '/') && read_network(v, text);
}

static int text_value(struct value *v, enum value_kind kind, const char *text)
{
	v->kind = kind;
	v->len = strlen(text);
	v->text = strdup(text);
	return v->text ? 0 : -ENOMEM;
}

static int addr_value(struct value *v, enum filter_op op, const char *text, const char **why)
{
	*why = is_order(op) ? "addresses have no order: use =, != or in"
			    : "give an address or a network, such as 192.0.2.1 or 10.0.0.0/8";
	return !is_order(op) && read_network(v, text) ? 0 : -EINVAL;
}

int filter_value(struct value *v, const struct field *f, enum filter_op op, const char *text,
		 const char **why)
{
	const struct number_type *t = number_type(f);

	*v = (struct value){0};
	if (!t && is_order(op)) /* a text may hold a number: http.status >= 400 */
		t = &number_types[FIELD_INT];
	if (f->type == FIELD_ADDR)
		return addr_value(v, op, text, why);
	if (t)
		return number_value(v, t, op, text, why);
	return is_network(v, text) ? 0 : text_value(v, VALUE_SAME, text);
}

/* "192.168" and "fe80::1:" are parts of addresses, "443" hardly is. */
static bool part_of_address(const char *text)
{
	return strpbrk(text, ".:") && !text[strspn(text, "0123456789abcdefABCDEF.:")];
}

int filter_word_value(struct value *v, const struct field *f, const char *text)
{
	bool digits = !text[strspn(text, "0123456789")];
	const char *why;

	*v = (struct value){0};
	if (f->type == FIELD_ADDR) {
		if (read_network(v, text))
			return 0;
		return part_of_address(text) ? text_value(v, VALUE_PART, text) : -EINVAL;
	}
	/* Whole numbers are looked for among numbers, names among what is written by name. */
	if (number_type(f) && digits == field_is_integer(f))
		return filter_value(v, f, OP_SAME, text, &why);
	if (number_type(f))
		return -EINVAL;
	return is_network(v, text) ? 0 : text_value(v, VALUE_PART, text);
}

int filter_regex_value(struct value *v, const char *pattern, struct fault *fault)
{
	char why[128];
	size_t at;

	*v = (struct value){.kind = VALUE_REGEX};
	v->regex = regex_new(pattern, &at, why, sizeof(why));
	if (v->regex)
		return 0;
	if (!*why)
		return err_set(fault->e, -ENOMEM, "filter: out of memory");
	fault->at += at;
	return err_set(fault->e, -EINVAL, "this is no regular expression: %s", why);
}

void filter_value_free(struct value *v)
{
	regex_free(v->regex);
	free(v->text);
}
