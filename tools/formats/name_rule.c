/* SPDX-License-Identifier: MIT */
#include "tools/formats/format.h"

#include "tools/base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_forbidden_byte(enum name_rule rule, unsigned char c)
{
    switch (rule) {
    case NAME_ANY:
    case NAME_PATH:
    case NAME_JSON: return false;
    case NAME_BAR: return c == '|' || c == '\n' || c == '\r';
    case NAME_TABBED: return c == '\t' || c == '\n' || c == '\r';
    case NAME_TOKEN:
    case NAME_CTM: return c <= ' ' || c == 0x7F || c == 0xFF;
    case NAME_FILE: return c == '/';
    }
    return false;
}

/* Whether the part between two '/' at `at` leads elsewhere than one folder deeper. */
static bool leads_elsewhere(const char *name, const char *at)
{
    bool begins = at == name || at[-1] == '/';
    size_t n = strcspn(at, "/");
    if (*at == '/') return begins || at[1] == '\0';
    return begins && (strncmp(at, ".", n) == 0 || (n == 2 && strncmp(at, "..", n) == 0));
}

/* How many bytes from `at` on break the rule together; 0: none. */
static size_t offence(enum name_rule rule, const char *name, const char *at)
{
    if (is_forbidden_byte(rule, (unsigned char)*at)) return 1;
    if (rule == NAME_JSON) return utf8_length(at, name + strlen(name)) == 0;
    if (rule == NAME_CTM) return at == name && strncmp(name, ";;", 2) == 0;
    return (rule == NAME_FILE || rule == NAME_PATH) && leads_elsewhere(name, at);
}

static bool refuse(const char *format, const char *name, const char *at, struct failure *failure)
{
    unsigned char c = (unsigned char)*at;
    char shown[8];
    if (c > ' ' && c < 0x7F)
        snprintf(shown, sizeof shown, "'%c'", c);
    else
        snprintf(shown, sizeof shown, "0x%02X", c);
    return fail(failure, EXIT_INPUT,
                "%s: the name cannot be written as %s (%s at byte %zu); rename it or add "
                "--name-escape", name, format, shown, (size_t)(at - name));
}

bool format_name(enum name_rule rule, const char *format, const char *name, bool escape,
                 char **written, struct failure *failure)
{
    if (!*name && (rule == NAME_TOKEN || rule == NAME_CTM || rule == NAME_FILE ||
                   rule == NAME_PATH))
        return fail(failure, EXIT_INPUT, "an utterance without a name cannot be written as %s",
                    format);
    char *copy = malloc(3 * strlen(name) + 1);
    if (!copy) return fail_memory(failure);
    char *end = copy;
    for (const char *at = name; *at;) {
        if (!offence(rule, name, at)) {
            size_t n = rule == NAME_JSON ? utf8_length(at, name + strlen(name)) : 1;
            memcpy(end, at, n);
            end += n;
            at += n;
            continue;
        }
        if (!escape) {
            free(copy);
            return refuse(format, name, at, failure);
        }
        end += sprintf(end, "%%%02X", (unsigned)(unsigned char)*at++);
    }
    *end = '\0';
    *written = copy;
    return true;
}
