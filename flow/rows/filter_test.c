/* SPDX-License-Identifier: MIT
 *
 * One test of a compiled filter on one row.
 */
#include <string.h>
#include <strings.h>

#include "base/fmt.h"
#include "flow/rows/filter_private.h"

/* Of fields that are no text: an address, a protocol, VLANs, tunnels, an id. */
enum { SHORT_TEXT_MAX = 2048 };

static int64_t integer_of(const struct field *field, const void *row)
{
	int64_t v;

	if (!field_is_integer(field))
		return field_int(field, row);
	memcpy(&v, field_at(field, row), sizeof(v));
	return v;
}

static bool in_range(const struct value *v, int64_t n)
{
	return v->low <= n && n <= v->high;
}

static bool in_network(const struct value *v, const struct addr *a)
{
	unsigned whole = v->prefix / 8, rest = v->prefix % 8;

	if (memcmp(a->b, v->addr.b, whole) != 0)
		return false;
	return !rest || (a->b[whole] ^ v->addr.b[whole]) >> (8 - rest) == 0;
}

static bool text_in_range(const struct value *v, const char *text, size_t n)
{
	char digits[FMT_MAX];
	uint64_t number;

	if (n >= sizeof(digits))
		return false;
	memcpy(digits, text, n);
	digits[n] = '\0';
	return parse_u64(&number, digits, INT64_MAX) && in_range(v, (int64_t)number);
}

static bool text_in_network(const struct value *v, const char *text, size_t n)
{
	char digits[ADDR_TEXT_MAX];
	struct addr a;

	if (n >= sizeof(digits))
		return false;
	memcpy(digits, text, n);
	digits[n] = '\0';
	return addr_parse(&a, digits) && in_network(v, &a);
}

static bool element_holds(struct filter *f, const struct value *v, const char *text, size_t n)
{
	int found;

	switch (v->kind) {
	case VALUE_RANGE: return text_in_range(v, text, n);
	case VALUE_NETWORK: return text_in_network(v, text, n);
	case VALUE_SAME: return n == v->len && strncasecmp(text, v->text, n) == 0;
	case VALUE_REGEX:
		found = regex_in(v->regex, text, n);
		f->gave_up += found < 0;
		return found > 0;
	default: return false;
	}
}

/* Any of the texts between separators; the whole for one that has none. */
static bool any_element_holds(struct filter *f, const struct value *v, const char *text,
			      char separator)
{
	for (;;) {
		size_t n = strcspn(text, (const char[]){separator, '\0'});

		if (element_holds(f, v, text, n))
			return true;
		if (!text[n])
			return false;
		text += n + 1;
	}
}

static bool text_holds(struct filter *f, const struct value *v, const struct field *field,
		       const void *row)
{
	char text[SHORT_TEXT_MAX];

	if (field_is_text(field)) {
		const char *chars = field_chars(field, row);

		if (v->kind == VALUE_PART)
			return strcasestr(chars, v->text);
		return any_element_holds(f, v, chars, FIELD_LIST_SEPARATOR);
	}
	field_text(field, row, false, text, sizeof(text));
	if (v->kind == VALUE_PART)
		return strcasestr(text, v->text);
	return any_element_holds(f, v, text, v->kind == VALUE_REGEX ? '\0' : ' ');
}

static bool value_holds(struct filter *f, const struct value *v, const struct field *field,
			const void *row)
{
	if (v->kind == VALUE_NETWORK && field->type == FIELD_ADDR)
		return in_network(v, field_at(field, row));
	if (v->kind == VALUE_RANGE && !field_is_text(field))
		return in_range(v, integer_of(field, row));
	return text_holds(f, v, field, row);
}

static bool term_holds(struct filter *f, const struct term *t, const void *row)
{
	for (unsigned i = 0; i < t->value_count; i++)
		if (value_holds(f, &t->values[i], t->field, row))
			return true;
	return false;
}

static bool is_known(const struct field *field, const void *row)
{
	if (field_is_integer(field))
		return integer_of(field, row) != ROW_ABSENT;
	return field_present(field, row);
}

/* Its terms are of one type and have the same values. */
static bool sum_holds(const struct test *t, const void *row)
{
	const struct term *first = &t->terms[0];
	bool known = false;
	int64_t sum = 0;

	for (unsigned i = 0; i < t->term_count; i++) {
		int64_t v = integer_of(t->terms[i].field, row);

		if (v == ROW_ABSENT)
			continue;
		known = true;
		if (__builtin_add_overflow(sum, v, &sum))
			sum = INT64_MAX;
	}
	for (unsigned i = 0; known && i < first->value_count; i++)
		if (in_range(&first->values[i], sum))
			return !t->negative;
	return known && t->negative;
}

bool filter_test_holds(struct filter *f, const struct test *t, const void *row)
{
	bool known = false;

	if (t->kind == ALIAS_SUM && !t->known)
		return sum_holds(t, row);
	for (unsigned i = 0; i < t->term_count; i++) {
		if (!is_known(t->terms[i].field, row))
			continue;
		known = true;
		if (t->known)
			return true;
		if (term_holds(f, &t->terms[i], row))
			return !t->negative;
		if (t->kind == ALIAS_FIRST)
			break;
	}
	return known && t->negative;
}
