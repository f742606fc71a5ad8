/* SPDX-License-Identifier: MIT
 *
 * Sockets are few beside packets and flows, so this walks the field table as it stands. Names nest
 * by their dots ("local.port" is in "local"); fields of one object stand together.
 *
 * As in record.c it writes at w into one reservation that is always large enough, and every member
 * ends with a comma, which the end of its object replaces.
 */
#include "report/record_socket.h"

#include <string.h>

#include "flow/rows/socket_field.h"
#include "report/exporter.h"
#include "report/put.h"

#define X(...) +1
enum { MEMBERS = SOCKET_FIELD_ROWS(X) + 8 * SOCKET_OWNERS_MAX };
#undef X

/* Keys and numbers, and what the row's texts become at worst (\u00XX). */
enum { SOCKET_JSON_MAX = MEMBERS * 64 + sizeof(struct socket_row) * 6 };
_Static_assert((size_t)SOCKET_JSON_MAX <= EXPORTER_ROW_MAX,
	       "a record fits in what callers provide");

static char *put_key(char *w, const char *key, size_t n)
{
	*w++ = '"';
	memcpy(w, key, n);
	return put_literal(w + n, "\":");
}

static char *put_number(char *w, const char *key, int64_t v)
{
	if (v == ROW_ABSENT)
		return w;
	w = put_i64(put_key(w, key, strlen(key)), v);
	*w++ = ',';
	return w;
}

static char *put_owner(char *w, const struct owner_row *o)
{
	*w++ = '{';
	w = put_number(w, "pid", o->pid);
	w = put_number(w, "tid", o->tid);
	w = put_string(put_literal(w, "\"name\":"), o->name, sizeof(o->name));
	*w++ = ',';
	w = put_number(w, "uid", o->uid);
	w = put_number(w, "fd", o->fd);
	w = put_number(w, "from_ns", o->from_ns);
	w = put_number(w, "until_ns", o->until_ns);
	return put_literal(w, o->acted ? "\"acted\":true}" : "\"acted\":false}");
}

static char *put_owners(char *w, const struct owner_rows *owners)
{
	*w++ = '[';
	for (unsigned i = 0; i < owners->count; i++) {
		if (i)
			*w++ = ',';
		w = put_owner(w, &owners->row[i]);
	}
	*w++ = ']';
	return w;
}

static char *put_value(char *w, const struct field *f, const struct socket_row *row)
{
	char text[FIELD_TEXT_MAX];

	if (f->type == FIELD_OWNERS)
		return put_owners(w, field_at(f, row));
	if (field_is_integer(f))
		return put_i64(w, field_int(f, row));
	return put_string(w, text, field_text(f, row, false, text, sizeof(text)));
}

static size_t prefix_len(const struct field *f)
{
	const char *dot = f ? strchr(f->name, '.') : NULL;

	return dot ? (size_t)(dot - f->name) : 0;
}

/* The last comma becomes the brace. */
static char *put_close(char *w)
{
	w[-1] = '}';
	*w++ = ',';
	return w;
}

/* From the object that the last member is in (NULL = none yet) to that of f. */
static char *move(char *w, const struct field *last, const struct field *f)
{
	size_t was = prefix_len(last), is = prefix_len(f);

	if (was == is && (!is || !memcmp(last->name, f->name, is)))
		return w;
	if (was)
		w = put_close(w);
	return is ? put_literal(put_key(w, f->name, is), "{") : w;
}

static char *put_member(char *w, const struct field *f, const struct socket_row *row)
{
	const char *leaf = f->name + prefix_len(f) + (prefix_len(f) > 0);

	w = put_value(put_key(w, leaf, strlen(leaf)), f, row);
	*w++ = ',';
	return w;
}

void record_socket(struct buf *out, const struct socket_row *row)
{
	char *start = buf_reserve(out, SOCKET_JSON_MAX), *w = start;
	const struct field *last = NULL, *f;
	unsigned count;

	if (!start)
		return;
	w = put_literal(w, "{\"type\":\"socket\",");
	f = socket_fields(&count);
	for (unsigned i = 0; i < count; i++, f++) {
		if (!field_present(f, row))
			continue;
		w = put_member(move(w, last, f), f, row);
		last = f;
	}
	if (prefix_len(last))
		w = put_close(w);
	w[-1] = '}';
	out->len += (size_t)(w - start);
}
