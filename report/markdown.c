/* SPDX-License-Identifier: MIT
 *
 * A GitHub Flavored Markdown table (the CommonMark extension of section 4.10), all columns. Names
 * in a capture come from strangers: whatever could become a link, HTML or a cell end is escaped.
 */
#include "report/formats.h"

#include "report/column.h"
#include "report/quote.h"
#include "report/totals.h"

void markdown_begin(struct buf *out, const struct exporter_options *o)
{
	unsigned count;
	const struct column *c = columns(&count);

	(void)o;
	for (unsigned i = 0; i < count; i++) {
		buf_puts(out, "| ");
		quote_markdown(out, c[i].title);
		buf_putc(out, ' ');
	}
	buf_puts(out, "|\n");
	for (unsigned i = 0; i < count; i++)
		buf_puts(out, c[i].right ? "|---:" : "|---");
	buf_puts(out, "|\n");
}

void markdown_flow(struct buf *out, const struct exporter_options *o, const struct flow_row *row)
{
	char text[COLUMN_TEXT_MAX];
	unsigned count;
	const struct column *c = columns(&count);

	for (unsigned i = 0; i < count; i++) {
		text[column_text(&c[i], text, row, o->human, o->names)] = '\0';
		buf_puts(out, "| ");
		quote_markdown(out, text);
		buf_putc(out, ' ');
	}
	buf_puts(out, "|\n");
}

void markdown_end(struct buf *out, const struct exporter_options *o,
		  const struct summary_row *sum)
{
	buf_puts(out, sum->flows ? "\n" : "\nNo flows.\n\n");
	totals_put(out, o, sum, "- ");
}
