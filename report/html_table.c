/* SPDX-License-Identifier: MIT */
#include "report/html_table.h"

#include "report/quote.h"

void html_table_look(struct html_table *t, const void *row, bool first)
{
	char text[FIELD_TEXT_MAX];

	if (first)
		t->unknown = (uint32_t)((1ull << t->count) - 1);
	for (unsigned i = 0; i < t->count; i++) {
		if (!(t->unknown & 1u << i))
			continue;
		field_text(t->kind->find(t->names[i]), row, false, text, sizeof(text));
		t->unknown &= *text ? ~(1u << i) : ~0u;
	}
}

void html_table_begin(struct buf *out, const struct html_table *t, const char *title)
{
	buf_printf(out, "<section><h2>%s</h2><div class=\"wide\"><table><thead><tr>\n", title);
	for (unsigned i = 0; i < t->count; i++) {
		const struct field *f = t->kind->find(t->names[i]);

		if (t->unknown & 1u << i)
			continue;
		buf_puts(out, field_is_integer(f) ? "<th class=\"n\"><button title=\""
						  : "<th><button title=\"");
		quote_html(out, f->help);
		buf_puts(out, "\">");
		quote_html(out, f->title);
		buf_puts(out, "</button></th>");
	}
	buf_puts(out, "</tr></thead>\n<tbody>\n");
}

/* The exact value beside the one for people, to sort by. */
static void put_cell(struct buf *out, const struct field *f, const void *row)
{
	char text[FIELD_TEXT_MAX];

	if (!field_is_integer(f)) {
		field_text(f, row, true, text, sizeof(text));
		buf_puts(out, "<td>");
	} else {
		field_text(f, row, false, text, sizeof(text));
		buf_printf(out, "<td class=\"n\" data-v=\"%s\">", text);
		field_text(f, row, true, text, sizeof(text));
	}
	quote_html(out, text);
	buf_puts(out, "</td>");
}

void html_table_row(struct buf *out, const struct html_table *t, const void *row)
{
	buf_puts(out, "<tr>");
	for (unsigned i = 0; i < t->count; i++)
		if (!(t->unknown & 1u << i))
			put_cell(out, t->kind->find(t->names[i]), row);
	buf_puts(out, "</tr>\n");
}

void html_table_end(struct buf *out)
{
	buf_puts(out, "</tbody></table></div></section>\n");
}
