/* SPDX-License-Identifier: MIT
 *
 * The words and signs of a filter expression.
 */
#ifndef SOCKLENS_FLOW_FILTER_LEX_H
#define SOCKLENS_FLOW_FILTER_LEX_H

#include <stddef.h>
#include <stdint.h>

#include "flow/rows/filter.h"

enum filter_op {
	OP_SAME,
	OP_NOT_SAME,
	OP_LESS,
	OP_AT_MOST,
	OP_MORE,
	OP_AT_LEAST,
	OP_LIKE,
	OP_NOT_LIKE
};

enum token_kind {
	TOKEN_END,
	TOKEN_WORD,
	TOKEN_QUOTED,
	TOKEN_OP,
	TOKEN_AND,
	TOKEN_OR,
	TOKEN_NOT,
	TOKEN_HAS,
	TOKEN_IN,
	TOKEN_OPEN,
	TOKEN_CLOSE,
	TOKEN_COMMA,
	TOKEN_UNCLOSED, /* a quote without its end */
	TOKEN_WRONG,	/* a character that means nothing here */
};

struct lexer {
	const char *text;
	size_t pos; /* behind the token */

	/* the token that was read last */
	enum token_kind kind;
	enum filter_op op;
	size_t at;			  /* where it begins */
	char word[FILTER_LENGTH_MAX + 1]; /* TOKEN_WORD, TOKEN_QUOTED; without the quotes */
};

/* text[0..FILTER_LENGTH_MAX] must hold its NUL. Reads the first token. */
void lexer_init(struct lexer *lx, const char *text);
/* Read the next one. Behind ~ and !~ stands a regular expression: up to a space or an open ")". */
void lexer_next(struct lexer *lx);

#endif
