/* SPDX-License-Identifier: MIT */
#include "tools/base/json_writer.h"

#include "tools/base/json.h"
#include "tools/base/number.h"

#include <inttypes.h>
#include <math.h>

static void new_line(struct json_writer *json)
{
    if (json->layout != JSON_INDENTED) return;
    fputc('\n', json->file);
    for (int i = 0; i < json->depth; i++) fputs("  ", json->file);
}

static void begin_entry(struct json_writer *json, const char *key)
{
    if (json->has_entry) fputs(json->layout == JSON_SPACED ? ", " : ",", json->file);
    if (json->depth) new_line(json);
    json->has_entry = true;
    if (!key) return;
    json_write_string(json->file, key);
    fputs(json->layout == JSON_COMPACT ? ":" : ": ", json->file);
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

static void put_word(struct json_writer *json, const char *key, const char *word)
{
    begin_entry(json, key);
    fputs(word, json->file);
}

void json_number(struct json_writer *json, const char *key, double value)
{
    char text[32] = "null";
    if (isfinite(value)) format_double(text, value);
    put_word(json, key, text);
}

void json_float(struct json_writer *json, const char *key, float value)
{
    char text[32] = "null";
    if (isfinite(value)) format_float(text, value);
    put_word(json, key, text);
}

void json_decimals(struct json_writer *json, const char *key, double value, int decimals)
{
    if (!isfinite(value)) {
        json_null(json, key);
        return;
    }
    begin_entry(json, key);
    fprintf(json->file, "%.*f", decimals, value);
}

void json_text(struct json_writer *json, const char *key, const char *value)
{
    begin_entry(json, key);
    if (value) json_write_string(json->file, value);
    else fputs("null", json->file);
}

void json_null(struct json_writer *json, const char *key)
{
    put_word(json, key, "null");
}

void json_truth(struct json_writer *json, const char *key, bool value)
{
    put_word(json, key, value ? "true" : "false");
}
