/* SPDX-License-Identifier: MIT */
#include "tools/base/json_writer.h"

#include "tools/base/json.h"
#include "tools/base/number.h"

#include <inttypes.h>
#include <math.h>

static void new_line(struct json_writer *json)
{
    fputc('\n', json->file);
    for (int i = 0; i < json->depth; i++) fputs("  ", json->file);
}

static void begin_entry(struct json_writer *json, const char *key)
{
    if (json->has_entry) fputc(',', json->file);
    if (json->depth) new_line(json);
    json->has_entry = true;
    if (!key) return;
    json_write_string(json->file, key);
    fputs(": ", json->file);
}

void json_open(struct json_writer *json, const char *key, char bracket)
{
    begin_entry(json, key);
    fputc(bracket, json->file);
    json->depth++;
    json->has_entry = false;
}

void json_close(struct json_writer *json, char bracket)
{
    json->depth--;
    if (json->has_entry) new_line(json);
    fputc(bracket, json->file);
    json->has_entry = true;
    if (!json->depth) fputc('\n', json->file);
}

void json_count(struct json_writer *json, const char *key, uint64_t value)
{
    begin_entry(json, key);
    fprintf(json->file, "%" PRIu64, value);
}

void json_number(struct json_writer *json, const char *key, double value)
{
    char text[32] = "null";
    if (isfinite(value)) format_double(text, value);
    begin_entry(json, key);
    fputs(text, json->file);
}

void json_text(struct json_writer *json, const char *key, const char *value)
{
    begin_entry(json, key);
    if (value) json_write_string(json->file, value);
    else fputs("null", json->file);
}

void json_truth(struct json_writer *json, const char *key, bool value)
{
    begin_entry(json, key);
    fputs(value ? "true" : "false", json->file);
}
