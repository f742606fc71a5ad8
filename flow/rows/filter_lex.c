/* SPDX-License-Identifier: MIT */
#include "flow/rows/filter_lex.h"

#include <string.h>
#include <strings.h>

/* Longer signs first. */
static const struct {
	char sign[3];
	uint8_t kind, op;
} signs[] = {
	{"!~", TOKEN_OP, OP_NOT_LIKE}, {"!=", TOKEN_OP, OP_NOT_SAME}, {"==", TOKEN_OP, OP_SAME},
	{"<=", TOKEN_OP, OP_AT_MOST},  {">=", TOKEN_OP, OP_AT_LEAST}, {"&&", TOKEN_AND, 0},
	{"||", TOKEN_OR, 0},	       {"=", TOKEN_OP, OP_SAME},      {"~", TOKEN_OP, OP_LIKE},
	{"<", TOKEN_OP, OP_LESS},      {">", TOKEN_OP, OP_MORE},      {"!", TOKEN_NOT, 0},
	{"(", TOKEN_OPEN, 0},	       {")", TOKEN_CLOSE, 0},	      {",", TOKEN_COMMA, 0},
};

static const struct {
	const char *word;
	enum token_kind kind;
} keywords[] = {
	{"and", TOKEN_AND}, {"or", TOKEN_OR}, {"not", TOKEN_NOT},
	{"has", TOKEN_HAS}, {"in", TOKEN_IN},
};

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool ends_word(char c)
{
	return !c || is_space(c) || strchr("()=!<>~,\"'&|", c);
}

static void keep_word(struct lexer *lx, enum token_kind kind, size_t n)
{
	memcpy(lx->word, lx->text + lx->pos, n);
	lx->word[n] = '\0';
	lx->pos += n;
	lx->kind = kind;
}

/* In a text \" and \\ are one character; a regular expression keeps its backslashes. */
static void read_quoted(struct lexer *lx, bool pattern)
{
	char quote = lx->text[lx->pos++];
	size_t n = 0;

	lx->kind = TOKEN_QUOTED;
	for (char c; (c = lx->text[lx->pos++]) != quote;) {
		char next = c ? lx->text[lx->pos] : '\0';

		if (!c) {
			lx->pos--;
			lx->kind = TOKEN_UNCLOSED;
			break;
		}
		if (c == '\\' && (next == quote || (next == '\\' && !pattern))) {
			c = next;
			lx->pos++;
		}
		lx->word[n++] = c;
	}
	lx->word[n] = '\0';
}

static void read_pattern(struct lexer *lx)
{
	const char *start = lx->text + lx->pos, *p = start;
	int open = 0;

	for (; *p && !is_space(*p); p++) {
		if (*p == '\\' && p[1] && !is_space(p[1])) {
			p++;
			continue;
		}
		open += (*p == '(') - (*p == ')');
		if (open < 0)
			break;
	}
	keep_word(lx, p == start ? TOKEN_END : TOKEN_WORD, (size_t)(p - start));
}

static bool read_sign(struct lexer *lx)
{
	const char *p = lx->text + lx->pos;

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		size_t n = strlen(signs[i].sign);

		if (strncmp(p, signs[i].sign, n) != 0)
			continue;
		lx->kind = signs[i].kind;
		lx->op = signs[i].op;
		lx->pos += n;
		return true;
	}
	return false;
}

static void read_word(struct lexer *lx)
{
	size_t n = 0;

	while (!ends_word(lx->text[lx->pos + n]))
		n++;
	keep_word(lx, TOKEN_WORD, n);
	if (!n) {
		lx->kind = TOKEN_WRONG;
		return;
	}
	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++)
		if (strcasecmp(lx->word, keywords[i].word) == 0)
			lx->kind = keywords[i].kind;
}

void lexer_next(struct lexer *lx)
{
	bool pattern = lx->kind == TOKEN_OP && (lx->op == OP_LIKE || lx->op == OP_NOT_LIKE);
	char c;

	while (is_space(lx->text[lx->pos]))
		lx->pos++;
	lx->at = lx->pos;
	c = lx->text[lx->pos];
	if (!c)
		lx->kind = TOKEN_END;
	else if (c == '"' || c == '\'')
		read_quoted(lx, pattern);
	else if (pattern)
		read_pattern(lx);
	else if (!read_sign(lx))
		read_word(lx);
}

void lexer_init(struct lexer *lx, const char *text)
{
	lx->text = text;
	lx->pos = 0;
	lx->kind = TOKEN_END;
	lexer_next(lx);
}
