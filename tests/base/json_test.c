/* SPDX-License-Identifier: MIT */
#include "tests/support/check.h"
#include "tools/base/json.h"
#include "tools/base/json_writer.h"

#include <math.h>
#include <stdlib.h>

static const char *why; /* of the last parse that failed */
static size_t where;

static struct json *parse(const char *text)
{
    return json_parse(text, strlen(text), &where, &why);
}

static void a_manifest_line_gives_its_fields(void)
{
    struct json *json = parse("{\"audio_filepath\": \"a b/\\u00e9\\n.wav\", \"offset\": 1.25, "
                              "\"duration\":3e0 , \"id\": 12, \"x\": [true, null, {}]}");
    CHECK(json != NULL);
    CHECK_STR(json_get(json, "audio_filepath")->string, "a b/\xC3\xA9\n.wav");
    CHECK(json_get(json, "offset")->number == 1.25);
    CHECK(json_get(json, "duration")->number == 3.0);
    CHECK_STR(json_get(json, "id")->string, "12");
    CHECK_EQ(json_get(json, "x")->child->type, JSON_BOOL);
    CHECK_EQ(json_get(json, "x")->child->next->type, JSON_NULL);
    CHECK(json_get(json, "speaker") == NULL);
    json_free(json);
}

static void the_last_of_two_equal_keys_counts(void)
{
    struct json *json = parse("{\"a\": 1, \"a\": 2}");
    CHECK(json && json_get(json, "a")->number == 2.0);
    json_free(json);
}

static void a_pair_of_surrogates_is_one_character(void)
{
    struct json *json = parse("\"\\ud83d\\ude00\"");
    CHECK(json != NULL);
    CHECK_STR(json->string, "\xF0\x9F\x98\x80");
    json_free(json);
}

static void what_is_not_json_is_refused_with_its_column(void)
{
    static const struct {
        const char *text;
        size_t column;
    } bad[] = {
        {"", 1},           {"{", 2},           {"[1,]", 4},        {"{\"a\" 1}", 6},
        {"{'a': 1}", 2},   {"[1 2]", 4},       {"1 1", 3},         {"tru", 1},
        {"01", 2},         {"-", 2},           {"1.", 3},          {"1e", 3},
        {"1e999", 1},      {"\"a", 3},         {"\"a\nb\"", 3},    {"\"\\x\"", 3},
        {"\"\\u12\"", 4},  {"\"\\u12g4\"", 6}, {"\"\\ud800\"", 8}, {"\"\\udc00\"", 8},
        {"\"\\u0000\"", 8}, {"\"\xC0\x80\"", 2}, {"\"\xED\xA0\x80\"", 2}, {"NaN", 1},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct json *json = parse(bad[i].text);
        if (json || where != bad[i].column)
            printf("# %s: column %zu, %s\n", bad[i].text, where, json ? "accepted" : why);
        CHECK(json == NULL);
        CHECK_EQ(where, bad[i].column);
    }
}

static void nesting_ends_at_64(void)
{
    char text[131];
    for (int depth = 64; depth <= 65; depth++) {
        memset(text, '[', (size_t)depth);
        memset(text + depth, ']', (size_t)depth);
        text[2 * depth] = '\0';
        struct json *json = parse(text);
        CHECK((json != NULL) == (depth == 64));
        json_free(json);
    }
}

static void a_string_with_escapes_survives_writing_and_parsing(void)
{
    const char *text = "q\" b\\ n\n r\r t\t \x01\x1f \xC3\xA9 / \x7f";
    char *written = NULL;
    size_t length;
    FILE *file = open_memstream(&written, &length);
    json_write_string(file, text);
    fclose(file);
    CHECK_STR(written, "\"q\\\" b\\\\ n\\n r\\r t\\t \\u0001\\u001f \xC3\xA9 / \x7f\"");
    struct json *json = parse(written);
    CHECK(json != NULL);
    CHECK_STR(json->string, text);
    json_free(json);
    free(written);
}

static void a_byte_that_is_no_utf8_is_written_as_a_character_that_stands_for_it(void)
{
    char *written = NULL;
    size_t length;
    FILE *file = open_memstream(&written, &length);
    json_write_string(file, "a\xFF\xC3/\xE2\x82\xC3\xA9");
    fclose(file);
    CHECK_STR(written, "\"a\xEF\xBF\xBD\xEF\xBF\xBD/\xEF\xBF\xBD\xEF\xBF\xBD\xC3\xA9\"");
    CHECK(json_is_utf8(written));
    free(written);
}

static void only_utf8_is_utf8(void)
{
    CHECK(json_is_utf8(""));
    CHECK(json_is_utf8("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"));
    CHECK(json_is_utf8("\xF4\x8F\xBF\xBF"));
    static const char *const bad[] = {"\x80",         "\xC3",         "\xC0\xAF",
                                      "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                                      "\xFF",         "\xE2\x82",     "\xF5\x80\x80\x80"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) CHECK(!json_is_utf8(bad[i]));
}

static const char *written(enum json_layout layout)
{
    static char text[256];
    FILE *file = fmemopen(text, sizeof text, "w");
    struct json_writer json = {.file = file, .layout = layout};
    json_open(&json, NULL, '{');
    json_text(&json, "a\"", "b");
    json_open(&json, "c", '[');
    json_float(&json, NULL, 0.5f);
    json_decimals(&json, NULL, 2, 1);
    json_decimals(&json, NULL, NAN, 1);
    json_close(&json, ']');
    json_close(&json, '}');
    fclose(file);
    return text;
}

static void one_value_is_written_in_three_layouts(void)
{
    CHECK_STR(written(JSON_COMPACT), "{\"a\\\"\":\"b\",\"c\":[0.5,2.0,null]}\n");
    CHECK_STR(written(JSON_SPACED), "{\"a\\\"\": \"b\", \"c\": [0.5, 2.0, null]}\n");
    CHECK_STR(written(JSON_INDENTED), "{\n  \"a\\\"\": \"b\",\n  \"c\": [\n    0.5,\n    2.0,\n"
                                      "    null\n  ]\n}\n");
}

int main(void)
{
    RUN(a_manifest_line_gives_its_fields);
    RUN(the_last_of_two_equal_keys_counts);
    RUN(a_pair_of_surrogates_is_one_character);
    RUN(what_is_not_json_is_refused_with_its_column);
    RUN(nesting_ends_at_64);
    RUN(a_string_with_escapes_survives_writing_and_parsing);
    RUN(a_byte_that_is_no_utf8_is_written_as_a_character_that_stands_for_it);
    RUN(only_utf8_is_utf8);
    RUN(one_value_is_written_in_three_layouts);
    return check_done();
}
