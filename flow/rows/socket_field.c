/* SPDX-License-Identifier: MIT */
#include "flow/rows/socket_field.h"

#define ROW(of, path, leaf, member, kind, columns, label, sentence)                                \
	{.name = path leaf,                                                                        \
	 .title = label,                                                                           \
	 .help = sentence,                                                                         \
	 .offset = offsetof(struct of, member),                                                    \
	 .type = FIELD_##kind,                                                                     \
	 .width = columns},

#define X(...) ROW(socket_row, __VA_ARGS__)
static const struct field of_sockets[] = {SOCKET_FIELD_ROWS(X)};
#undef X

#define X(...) ROW(usage_row, __VA_ARGS__)
static const struct field of_usage[] = {USAGE_FIELD_ROWS(X)};
#undef X

enum {
	SOCKET_FIELDS = sizeof(of_sockets) / sizeof(of_sockets[0]),
	USAGE_FIELDS = sizeof(of_usage) / sizeof(of_usage[0]),
};
_Static_assert(sizeof(struct socket_row) <= UINT16_MAX, "field offsets are 16 bits");

const struct field *socket_fields(unsigned *count)
{
	*count = SOCKET_FIELDS;
	return of_sockets;
}

const struct field *usage_fields(unsigned *count)
{
	*count = USAGE_FIELDS;
	return of_usage;
}

const struct field *socket_field_find(const char *name)
{
	return field_among(of_sockets, SOCKET_FIELDS, name);
}

const struct field *usage_field_find(const char *name)
{
	return field_among(of_usage, USAGE_FIELDS, name);
}
