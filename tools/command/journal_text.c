/* SPDX-License-Identifier: MIT */
#include "tools/command/journal_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BEGIN "voq journal "

bool journal_is_head(const char *text)
{
    return strncmp(text, BEGIN, strlen(BEGIN)) == 0;
}

void journal_head_text(const struct journal_head *head, char text[JOURNAL_TEXT])
{
    snprintf(text, JOURNAL_TEXT, BEGIN "2 %016" PRIx64 " %s\n", head->run, head->tag);
}

void journal_line_text(const struct journal_line *line, char text[JOURNAL_TEXT])
{
    const struct input_state *input = &line->input;
    int n = snprintf(text, JOURNAL_TEXT, "%zu %d %c %" PRIu64 " %" PRIu64 " %016" PRIx64,
                     line->item, line->failed, (char)input->kind, input->size, input->mtime_ns,
                     input->hash);
    for (int i = 0; i < JOURNAL_FILES; i++)
        n += snprintf(text + n, JOURNAL_TEXT - (size_t)n, " %" PRIu64 " %016" PRIx64,
                      line->mark[i].length, line->mark[i].hash);
    snprintf(text + n, JOURNAL_TEXT - (size_t)n, "\n");
}

/* Numbers are read loosely; comparing with the text that would be written rejects other forms. */
static uint64_t take(const char **at, int base)
{
    char *end;
    uint64_t value = strtoull(*at, &end, base);
    *at = end;
    return value;
}

bool journal_head_parse(const char *text, struct journal_head *head)
{
    char again[JOURNAL_TEXT];
    if (!journal_is_head(text) || strlen(text) < strlen(BEGIN) + 2) return false;
    const char *at = text + strlen(BEGIN) + 2;
    head->run = take(&at, 16);
    uint64_t tag = take(&at, 16);
    snprintf(head->tag, sizeof head->tag, "%016" PRIx64, tag);
    journal_head_text(head, again);
    return strcmp(text, again) == 0;
}

bool journal_line_parse(const char *text, struct journal_line *line)
{
    char again[JOURNAL_TEXT];
    const char *at = text;
    line->item = (size_t)take(&at, 10);
    line->failed = take(&at, 10) != 0;
    char kind = at[0] == ' ' ? at[1] : 0;
    if (!kind || !strchr("fpam", kind)) return false;
    at += 2;
    line->input.kind = (enum input_kind)kind;
    line->input.size = take(&at, 10);
    line->input.mtime_ns = take(&at, 10);
    line->input.hash = take(&at, 16);
    for (int i = 0; i < JOURNAL_FILES; i++) {
        line->mark[i].length = take(&at, 10);
        line->mark[i].hash = take(&at, 16);
    }
    journal_line_text(line, again);
    return strcmp(text, again) == 0;
}
