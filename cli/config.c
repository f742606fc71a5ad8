/* SPDX-License-Identifier: MIT */
#include "cli/config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fmt.h"
#include "base/vis.h"
#include "cli/config_file.h"
#include "tui/style.h"

enum { LINE_LENGTH_MAX = 1024 };

/* --- one setter a setting --------------------------------------------------------------------- */

static int set_theme(struct config *c, const char *value, struct err *e)
{
	char names[96];

	if (!theme_find(value, false) || !*value)
		return err_set(e, -EINVAL, "there are %s", theme_names(names, sizeof(names)));
	snprintf(c->theme, sizeof(c->theme), "%s", value);
	return 0;
}

static int set_fade(struct config *c, const char *value, struct err *e)
{
	if (strcmp(value, "never") == 0)
		c->fade_ns = -1;
	else if (!parse_duration(&c->fade_ns, value) || c->fade_ns <= 0)
		return err_set(e, -EINVAL, "give a time such as 30s, or never");
	return 0;
}

static int set_switch(bool *out, const char *value, struct err *e)
{
	if (strcmp(value, "on") && strcmp(value, "off"))
		return err_set(e, -EINVAL, "give on or off");
	*out = strcmp(value, "on") == 0;
	return 0;
}

static int set_mouse(struct config *c, const char *value, struct err *e)
{
	return set_switch(&c->mouse, value, e);
}

static int set_ascii(struct config *c, const char *value, struct err *e)
{
	return set_switch(&c->ascii, value, e);
}

/* "ACTION KEY..." */
static int set_key(struct config *c, const char *value, struct err *e)
{
	char action[64];
	size_t len = strcspn(value, " \t");

	snprintf(action, sizeof(action), "%.*s", (int)len, value);
	return keymap_bind(&c->keys, action, value + len, e);
}

static int set_tree(struct config *c, const char *value, struct err *e)
{
	return set_switch(&c->choices.tree, value, e);
}

/* "VIEW FIELD..." */
static int set_columns(struct config *c, const char *value, struct err *e)
{
	char view[64];
	size_t len = strcspn(value, " \t");

	snprintf(view, sizeof(view), "%.*s", (int)len, value);
	return choices_set_columns(&c->choices, view, value + len, e);
}

/* "NAME EXPRESSION" */
static int set_filter(struct config *c, const char *value, struct err *e)
{
	char name[64];
	size_t len = strcspn(value, " \t");

	snprintf(name, sizeof(name), "%.*s", (int)len, value);
	value += len;
	return choices_set_filter(&c->choices, name, value + strspn(value, " \t"), e);
}

static const struct {
	const char *name;
	int (*set)(struct config *c, const char *value, struct err *e);
} settings[] = {
	{"theme", set_theme}, {"fade", set_fade}, {"mouse", set_mouse},
	{"ascii", set_ascii}, {"key", set_key},	  {"columns", set_columns},
	{"filter", set_filter}, {"tree", set_tree},
};

/* --- the file --------------------------------------------------------------------------------- */

static int no_such_setting(struct err *e)
{
	char names[96] = "", *w = names;

	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		w = stpcpy(stpcpy(w, " "), settings[i].name);
	return err_set(e, -EINVAL, "there are%s", names);
}

static int set_line(struct config *c, char *line, struct err *e)
{
	char *name = line + strspn(line, " \t"), *value;
	size_t len = strcspn(name, " \t");

	if (!*name)
		return 0;
	value = name + len;
	value += strspn(value, " \t");
	name[len] = '\0';
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		if (!strcmp(settings[i].name, name))
			return settings[i].set(c, value, e);
	}
	return no_such_setting(e);
}

/* Without its comment and the blanks around. "#" alone is a key, so a comment needs a blank. */
static void strip(char *line)
{
	char *comment = *line == '#' ? line : strstr(line, " #");
	size_t len;

	if (comment)
		*comment = '\0';
	len = strlen(line);
	while (len && strchr(" \t\r\n", line[len - 1]))
		line[--len] = '\0';
}

static int read_lines(struct config *c, FILE *f, const char *path, struct err *e)
{
	char line[LINE_LENGTH_MAX], shown[2 * LINE_LENGTH_MAX];

	for (unsigned number = 1; fgets(line, sizeof(line), f); number++) {
		struct err why = {""};

		if (!strchr(line, '\n') && !feof(f))
			return err_set(e, -EINVAL, "%s:%u: the line is too long", path, number);
		strip(line);
		vis_str(shown, sizeof(shown), line, sizeof(line));
		if (set_line(c, line, &why) < 0)
			return err_set(e, -EINVAL, "%s:%u: %s: %s", path, number, shown, why.text);
	}
	return 0;
}

void config_init(struct config *c)
{
	*c = (struct config){.mouse = true};
	keymap_init(&c->keys);
}

int config_read(struct config *c, struct err *e)
{
	char path[CONFIG_PATH_MAX];
	int status;
	FILE *f;

	config_init(c);
	if (!config_path(path))
		return 0;
	status = config_open(&f, path, e);
	if (status == -ENOENT || status == -ENOTDIR) {
		e->text[0] = '\0'; /* having none is no error */
		return 0;
	}
	if (status < 0)
		return status;
	status = read_lines(c, f, path, e);
	fclose(f);
	if (status < 0)
		config_init(c);
	return status;
}
