/* SPDX-License-Identifier: MIT
 *
 * The functions behind the rows of report/exporters.c, one file a format.
 */
#ifndef SOCKLENS_REPORT_FORMATS_H
#define SOCKLENS_REPORT_FORMATS_H

#include "report/exporter.h"

void text_begin(struct buf *out, const struct exporter_options *o);
void text_flow(struct buf *out, const struct exporter_options *o, const struct flow_row *row);
void text_end(struct buf *out, const struct exporter_options *o, const struct summary_row *sum);

void ndjson_flow(struct buf *out, const struct exporter_options *o, const struct flow_row *row);
void ndjson_end(struct buf *out, const struct exporter_options *o, const struct summary_row *sum);

void ndjson_socket(struct buf *out, const struct exporter_options *o,
		   const struct socket_row *row);

void json_begin(struct buf *out, const struct exporter_options *o);
void json_flow(struct buf *out, const struct exporter_options *o, const struct flow_row *row);
void json_end(struct buf *out, const struct exporter_options *o, const struct summary_row *sum);

void json_socket(struct buf *out, const struct exporter_options *o, const struct socket_row *row);

void csv_begin(struct buf *out, const struct exporter_options *o);
void csv_flow(struct buf *out, const struct exporter_options *o, const struct flow_row *row);

void markdown_begin(struct buf *out, const struct exporter_options *o);
void markdown_flow(struct buf *out, const struct exporter_options *o, const struct flow_row *row);
void markdown_end(struct buf *out, const struct exporter_options *o,
		  const struct summary_row *sum);

void zeek_begin(struct buf *out, const struct exporter_options *o);
void zeek_flow(struct buf *out, const struct exporter_options *o, const struct flow_row *row);
void zeek_json_flow(struct buf *out, const struct exporter_options *o, const struct flow_row *row);

int ecs_open(struct exporter_options *o, struct err *e);
int ecs_close(struct exporter_options *o, struct err *e);
void ecs_flow(struct buf *out, const struct exporter_options *o, const struct flow_row *row);
void ecs_end(struct buf *out, const struct exporter_options *o, const struct summary_row *sum);

int sqlite_open(struct exporter_options *o, struct err *e);
int sqlite_close(struct exporter_options *o, struct err *e);
void sqlite_begin(struct buf *out, const struct exporter_options *o);
void sqlite_flow(struct buf *out, const struct exporter_options *o, const struct flow_row *row);
void sqlite_socket(struct buf *out, const struct exporter_options *o, const struct socket_row *row);
void sqlite_tick(const struct exporter_options *o);
void sqlite_end(struct buf *out, const struct exporter_options *o, const struct summary_row *sum);

int ipfix_open(struct exporter_options *o, struct err *e);
int ipfix_close(struct exporter_options *o, struct err *e);
void ipfix_flow(struct buf *out, const struct exporter_options *o, const struct flow_row *row);
void ipfix_end(struct buf *out, const struct exporter_options *o, const struct summary_row *sum);

int html_open(struct exporter_options *o, struct err *e);
int html_close(struct exporter_options *o, struct err *e);
void html_flow(struct buf *out, const struct exporter_options *o, const struct flow_row *row);
void html_end(struct buf *out, const struct exporter_options *o, const struct summary_row *sum);

#endif
