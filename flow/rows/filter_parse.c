/* SPDX-License-Identifier: MIT
 *
 * The grammar, by recursive descent:
 *
 *   any  = all { "or" all }
 *   all  = one { ["and"] one }
 *   one  = "not" one | "(" any ")" | "has" name | name op values | name ["not"] "in" values | word
 *   values = value { "," value } | "(" value { "," value } ")"
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/vis.h"
#include "flow/rows/filter_private.h"

struct parser {
	struct lexer lx;
	const struct filter_table *table;
	struct fault *fault;
	unsigned depth;
};

static int parse_any(struct parser *p, struct node **out);

/* --- what goes wrong -------------------------------------------------------------------------- */

static int fail(struct parser *p, size_t at, const char *reason)
{
	p->fault->at = at;
	return err_set(p->fault->e, -EINVAL, "%s", reason);
}

static int fail_word(struct parser *p, size_t at, const char *before, const char *word,
		     const char *after)
{
	char shown[VIS_MAX(24) + 1];

	vis_str(shown, sizeof(shown), word, 24);
	p->fault->at = at;
	return err_set(p->fault->e, -EINVAL, "%s%s%s", before, shown, after);
}

static int no_memory(struct parser *p)
{
	return err_set(p->fault->e, -ENOMEM, "filter: out of memory");
}

/* The token that stands there is not one that could. */
static int fail_token(struct parser *p, const char *wanted)
{
	switch (p->lx.kind) {
	case TOKEN_UNCLOSED: return fail(p, p->lx.at, "this quote is never closed");
	case TOKEN_WRONG:
		return fail(p, p->lx.at, "this sign means nothing alone: and is &&, or is ||");
	default: return fail(p, p->lx.at, wanted);
	}
}

static int unknown_name(struct parser *p, size_t at, const char *name)
{
	const char *like = filter_name_like(p->table, name);
	char after[128];

	if (!like)
		return fail_word(p, at, "there is no field \"", name,
				 "\": see socklens list fields");
	strcpy(stpcpy(stpcpy(after, "\": did you mean "), like), "?");
	return fail_word(p, at, "there is no field \"", name, after);
}

/* --- tests ------------------------------------------------------------------------------------ */

/* One value for each field that can have it; one must be able to. */
static int add_value(struct parser *p, struct test *t, enum filter_op op, const char *text)
{
	const char *why = "", *first_why = NULL;
	unsigned taken = 0;

	for (unsigned i = 0; i < t->term_count; i++) {
		struct value v;
		int status = filter_value(&v, t->terms[i].field, op, text, &why);

		if (status == -ENOMEM || (status == 0 && !filter_term_add(&t->terms[i], &v)))
			return no_memory(p);
		taken += status == 0;
		if (status < 0 && !first_why)
			first_why = why;
	}
	if (taken)
		return 0;
	return fail(p, p->lx.at, first_why);
}

static int add_regex(struct parser *p, struct test *t, const char *pattern)
{
	for (unsigned i = 0; i < t->term_count; i++) {
		struct value v;
		int status;

		if (field_is_integer(t->terms[i].field))
			return fail(p, p->lx.at, "this is a number: use = != < <= > >=");
		p->fault->at = p->lx.at + (p->lx.kind == TOKEN_QUOTED);
		status = filter_regex_value(&v, pattern, p->fault);
		if (status < 0)
			return status;
		if (!filter_term_add(&t->terms[i], &v))
			return no_memory(p);
	}
	return 0;
}

static int parse_value(struct parser *p, struct test *t, enum filter_op op)
{
	int status;

	if (p->lx.kind != TOKEN_WORD && p->lx.kind != TOKEN_QUOTED)
		return fail_token(p, "a value is missing here");
	status = op == OP_LIKE ? add_regex(p, t, p->lx.word) : add_value(p, t, op, p->lx.word);
	if (status == 0)
		lexer_next(&p->lx);
	return status;
}

static int parse_values(struct parser *p, struct test *t)
{
	bool open = p->lx.kind == TOKEN_OPEN;
	unsigned count = 0;

	for (bool more = true; more;) {
		int status;

		if (count++ == FILTER_VALUES_MAX)
			return fail(p, p->lx.at, "this list is too long: at most 64 values");
		if (open || count > 1)
			lexer_next(&p->lx);
		status = parse_value(p, t, OP_SAME);
		if (status < 0)
			return status;
		more = p->lx.kind == TOKEN_COMMA;
	}
	if (!open)
		return 0;
	if (p->lx.kind != TOKEN_CLOSE)
		return fail_token(p, "a list goes on with a comma or ends with )");
	lexer_next(&p->lx);
	return 0;
}

/* What follows a name: the lexer stands on an operator or on "in". */
static int parse_comparison(struct parser *p, struct test *t)
{
	enum filter_op op = p->lx.kind == TOKEN_IN ? OP_SAME : p->lx.op;

	lexer_next(&p->lx);
	switch (op) {
	case OP_NOT_SAME: t->negative = true; return parse_values(p, t);
	case OP_NOT_LIKE: t->negative = true; return parse_value(p, t, OP_LIKE);
	case OP_SAME: return parse_values(p, t);
	default: return parse_value(p, t, op);
	}
}

static int make_comparison(struct parser *p, struct node **out, const char *name, size_t at,
			   bool negative)
{
	struct filter_fields m;
	struct node *n;
	int status;

	if (!filter_fields_find(&m, p->table, name))
		return unknown_name(p, at, name);
	n = filter_test_new(&m);
	if (!n)
		return no_memory(p);
	n->test.negative = negative;
	status = parse_comparison(p, &n->test);
	if (status < 0) {
		filter_node_free(n);
		return status;
	}
	*out = n;
	return 0;
}

static int make_word(struct parser *p, struct node **out, const char *word)
{
	struct filter_fields m = {.kind = ALIAS_ANY};
	struct node *n;

	filter_names(&m, p->table, p->table->words);
	n = filter_test_new(&m);
	if (!n)
		return no_memory(p);
	for (unsigned i = 0; i < m.count; i++) {
		struct value v;
		int status = filter_word_value(&v, m.fields[i], word);

		if (status == -ENOMEM || (status == 0 && !filter_term_add(&n->test.terms[i], &v))) {
			filter_node_free(n);
			return no_memory(p);
		}
	}
	*out = n;
	return 0;
}

static int parse_has(struct parser *p, struct node **out)
{
	struct filter_fields m;

	lexer_next(&p->lx);
	if (p->lx.kind != TOKEN_WORD)
		return fail_token(p, "the name of a field is missing here");
	if (!filter_fields_find(&m, p->table, p->lx.word))
		return unknown_name(p, p->lx.at, p->lx.word);
	*out = filter_test_new(&m);
	if (!*out)
		return no_memory(p);
	(*out)->test.known = true;
	lexer_next(&p->lx);
	return 0;
}

/* "name not in": the lexer stands on "not", and behind "in" when this is true. */
static bool take_not_in(struct lexer *lx)
{
	size_t pos = lx->pos, at = lx->at;

	if (lx->kind != TOKEN_NOT)
		return false;
	lexer_next(lx);
	if (lx->kind == TOKEN_IN)
		return true;
	lx->kind = TOKEN_NOT;
	lx->pos = pos;
	lx->at = at;
	return false;
}

/* A name that is compared, or a bare word. */
static int parse_word(struct parser *p, struct node **out)
{
	size_t at = p->lx.at;
	bool quoted = p->lx.kind == TOKEN_QUOTED, negative = false;
	char *word = strdup(p->lx.word);
	int status;

	if (!word)
		return no_memory(p);
	lexer_next(&p->lx);
	if (!quoted)
		negative = take_not_in(&p->lx);
	if (!quoted && (p->lx.kind == TOKEN_OP || p->lx.kind == TOKEN_IN))
		status = make_comparison(p, out, word, at, negative);
	else
		status = make_word(p, out, word);
	free(word);
	return status;
}

/* --- and, or, not ----------------------------------------------------------------------------- */

static int parse_one(struct parser *p, struct node **out);

static int parse_not(struct parser *p, struct node **out)
{
	struct node *n = filter_node_new(NODE_NOT);
	int status;

	if (!n)
		return no_memory(p);
	lexer_next(&p->lx);
	status = parse_one(p, &n->child);
	if (status < 0)
		filter_node_free(n);
	else
		*out = n;
	return status;
}

static int parse_group(struct parser *p, struct node **out)
{
	size_t at = p->lx.at;
	int status;

	lexer_next(&p->lx);
	status = parse_any(p, out);
	if (status < 0)
		return status;
	if (p->lx.kind == TOKEN_CLOSE) {
		lexer_next(&p->lx);
		return 0;
	}
	filter_node_free(*out);
	*out = NULL;
	return p->lx.kind == TOKEN_END ? fail(p, at, "this ( is never closed")
				       : fail_token(p, "and, or or ) is missing here");
}

static int parse_one(struct parser *p, struct node **out)
{
	int status;

	if (p->depth == FILTER_DEPTH_MAX)
		return fail(p, p->lx.at, "too many parentheses and nots in one another");
	p->depth++;
	switch (p->lx.kind) {
	case TOKEN_NOT: status = parse_not(p, out); break;
	case TOKEN_OPEN: status = parse_group(p, out); break;
	case TOKEN_HAS: status = parse_has(p, out); break;
	case TOKEN_WORD:
	case TOKEN_QUOTED: status = parse_word(p, out); break;
	default:
		status = fail_token(p, "a field or a word is missing here; a keyword that is meant "
				       "as a word needs quotes");
	}
	p->depth--;
	return status;
}

/* Is this the sign between two of a list? Steps over it. */
static bool take_between(struct lexer *lx, enum node_kind kind)
{
	switch (lx->kind) {
	case TOKEN_AND:
	case TOKEN_OR:
		if ((lx->kind == TOKEN_AND) != (kind == NODE_ALL))
			return false;
		lexer_next(lx);
		return true;
	case TOKEN_WORD:
	case TOKEN_QUOTED:
	case TOKEN_NOT:
	case TOKEN_HAS:
	case TOKEN_OPEN: return kind == NODE_ALL;
	default: return false;
	}
}

static int parse_list(struct parser *p, struct node **out, enum node_kind kind,
		      int (*parse)(struct parser *, struct node **))
{
	struct node *list, **end;
	int status = parse(p, out);

	if (status < 0 || !take_between(&p->lx, kind))
		return status;
	list = filter_node_new(kind);
	if (!list) {
		filter_node_free(*out);
		*out = NULL;
		return no_memory(p);
	}
	list->child = *out;
	end = &list->child->next;
	do {
		status = parse(p, end);
		if (status < 0) {
			filter_node_free(list);
			*out = NULL;
			return status;
		}
		end = &(*end)->next;
	} while (take_between(&p->lx, kind));
	*out = list;
	return 0;
}

static int parse_all(struct parser *p, struct node **out)
{
	return parse_list(p, out, NODE_ALL, parse_one);
}

static int parse_any(struct parser *p, struct node **out)
{
	return parse_list(p, out, NODE_ANY, parse_all);
}

int filter_parse(struct node **out, const struct filter_table *table, const char *text,
		 struct fault *fault)
{
	struct parser p = {.table = table, .fault = fault};
	struct node *root = NULL;
	int status = 0;

	lexer_init(&p.lx, text);
	if (p.lx.kind != TOKEN_END)
		status = parse_any(&p, &root);
	if (status == 0 && p.lx.kind != TOKEN_END) {
		filter_node_free(root);
		return fail_token(&p, p.lx.kind == TOKEN_CLOSE ? "there is no ( for this )"
							       : "and or or is missing here");
	}
	if (status == 0)
		*out = root;
	return status;
}
