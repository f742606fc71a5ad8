/* SPDX-License-Identifier: MIT
 *
 * Paths as the runtimes make them, with the systemd and with the cgroupfs driver:
 *
 *   /docker/ID                                  /system.slice/docker-ID.scope
 *   /machine.slice/libpod-ID.scope              /libpod_parent/libpod-ID
 *   /kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podUID.slice/cri-containerd-ID.scope
 *   /kubepods/besteffort/podUID/ID              /system.slice:docker:ID (as the name of a cgroup)
 *   /default/ID, /k8s.io/ID (containerd)        /lxc.payload.NAME, /lxc/NAME
 */
#include "bpf/container.h"

#include <ctype.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { ID_LEN = 64, SHORT_LEN = 12, UID_LEN = 36 };

/* A part of the path that begins with `start` and goes on with an id of 64 hexadecimal digits. */
static const struct {
	const char *start, *runtime;
} scopes[] = {
	{"docker-", "docker"},
	{"libpod-", "podman"},
	{"cri-containerd-", "containerd"},
	{"cri-containerd:", "containerd"},
	{"nerdctl-", "containerd"},
	{"crio-", "cri-o"},
};

/* A part of the path that is such an id, in a folder of this name. */
static const struct {
	const char *folder, *runtime;
} folders[] = {
	{"docker", "docker"},	  {"libpod_parent", "podman"}, {"default", "containerd"},
	{"k8s.io", "containerd"}, {"moby", "docker"},
};

struct part {
	const char *text;
	size_t len;
};

static bool part_is(const struct part *p, const char *text)
{
	return strlen(text) == p->len && memcmp(p->text, text, p->len) == 0;
}

static bool starts_with(const struct part *p, const char *start)
{
	return p->len > strlen(start) && memcmp(p->text, start, strlen(start)) == 0;
}

static bool is_id(const char *text, size_t len)
{
	size_t n = 0;

	while (n < len && isxdigit((unsigned char)text[n]))
		n++;
	return n == ID_LEN && (len == ID_LEN || !strncmp(text + n, ".scope", len - n));
}

static void set_name(struct container *c, const char *runtime, const char *id)
{
	snprintf(c->name, sizeof(c->name), "%s:%.*s", runtime, SHORT_LEN, id);
}

static bool note_scope(struct container *c, const struct part *p)
{
	for (size_t i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++) {
		const char *start = scopes[i].start;
		/* cri-containerd's cgroupfs driver writes SLICE:cri-containerd:ID. */
		const char *at = memmem(p->text, p->len, start, strlen(start));
		size_t skip = at ? (size_t)(at - p->text) + strlen(start) : 0;

		if (at && (at == p->text || at[-1] == ':') &&
		    is_id(p->text + skip, p->len - skip)) {
			set_name(c, scopes[i].runtime, p->text + skip);
			return true;
		}
	}
	return false;
}

static void note_id(struct container *c, const struct part *p, const struct part *folder)
{
	const char *runtime = c->pod[0] ? "kubernetes" : NULL;

	if (!is_id(p->text, p->len))
		return;
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (part_is(folder, folders[i].folder))
			runtime = folders[i].runtime;
	if (runtime)
		set_name(c, runtime, p->text);
}

static bool ends_pod(const char *text, size_t len)
{
	static const char slice[] = ".slice";
	size_t n = strlen(slice);

	return !len || (len >= n && !memcmp(text, slice, n) && (len == n || text[n] == ':'));
}

/* A pod's part ends in "podUID" or "podUID.slice"; systemd's driver writes _ for - in the UID. */
static void note_pod(struct container *c, const struct part *p)
{
	const char *at = memmem(p->text, p->len, "pod", 3), *next;
	size_t left;

	for (; at; at = next) {
		left = p->len - (size_t)(at + 3 - p->text);
		next = memmem(at + 3, left, "pod", 3);
		if (left >= UID_LEN && isxdigit((unsigned char)at[3]) &&
		    ends_pod(at + 3 + UID_LEN, left - UID_LEN)) {
			memcpy(c->pod, at + 3, UID_LEN);
			c->pod[UID_LEN] = '\0';
		}
	}
	for (char *u = c->pod; (u = strchr(u, '_'));)
		*u = '-';
}

static void note_lxc(struct container *c, const struct part *p, const struct part *folder)
{
	static const char payload[] = "lxc.payload.";
	size_t skip = strlen(payload);

	if (starts_with(p, payload))
		snprintf(c->name, sizeof(c->name), "lxc:%.*s", (int)(p->len - skip),
			 p->text + skip);
	else if (part_is(folder, "lxc") && p->len)
		snprintf(c->name, sizeof(c->name), "lxc:%.*s", (int)p->len, p->text);
}

/* The innermost one counts: a container may hold a container engine. */
bool container_of_cgroup(struct container *out, const char *path)
{
	struct container c = {.name = ""};
	struct part folder = {.text = ""}, p;

	for (; *path; path += p.len, folder = p) {
		path += *path == '/';
		p = (struct part){path, strcspn(path, "/")};
		note_pod(&c, &p);
		if (!note_scope(&c, &p)) {
			note_id(&c, &p, &folder);
			note_lxc(&c, &p, &folder);
		}
	}
	if (!c.name[0] && !c.pod[0])
		return false;
	*out = c;
	return true;
}
