/* SPDX-License-Identifier: MIT */
#include "tools/base/json.h"

#include "tools/base/number.h"
#include "tools/base/utf8.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { DEEPEST = 64 };

struct parser {
    const char *text, *end, *at;
    const char *reason; /* NULL: no error; its place is `at` */
    int depth;
};

void json_write_string(FILE *file, const char *text)
{
    static const char escaped[] = "\"\\\b\f\n\r\t", letter[] = "\"\\bfnrt";
    const char *end = text + strlen(text);
    fputc('"', file);
    for (size_t n; text < end; text += n > 0 ? n : 1) {
        const char *found = strchr(escaped, *text);
        n = utf8_length(text, end);
        if (found)
            fprintf(file, "\\%c", letter[found - escaped]);
        else if ((unsigned char)*text < 0x20)
            fprintf(file, "\\u%04x", (unsigned)(unsigned char)*text);
        else if (n == 0)
            fputs("\xEF\xBF\xBD", file);
        else
            fwrite(text, 1, n, file);
    }
    fputc('"', file);
}

bool json_is_utf8(const char *text)
{
    const char *end = text + strlen(text);
    while (text < end) {
        size_t n = utf8_length(text, end);
        if (n == 0) return false;
        text += n;
    }
    return true;
}

static bool refuse(struct parser *p, const char *reason)
{
    if (!p->reason) p->reason = reason;
    return false;
}

static char peek(const struct parser *p)
{
    return p->at < p->end ? *p->at : '\0';
}

static void skip_space(struct parser *p)
{
    while (p->at < p->end && memchr(" \t\n\r", *p->at, 4)) p->at++;
}

static bool accept(struct parser *p, char c)
{
    if (peek(p) != c) return false;
    p->at++;
    return true;
}

static bool hex4(struct parser *p, uint32_t *code)
{
    if (p->end - p->at < 4) return refuse(p, "four hex digits are missing after \\u");
    *code = 0;
    for (int i = 0; i < 4; i++, p->at++) {
        static const char digits[] = "0123456789abcdef0123456789ABCDEF";
        const char *found = memchr(digits, *p->at, sizeof digits - 1);
        if (!found) return refuse(p, "four hex digits are missing after \\u");
        *code = *code << 4 | (uint32_t)((found - digits) & 15);
    }
    return true;
}

static bool unicode_escape(struct parser *p, char **out)
{
    uint32_t code, low;
    if (!hex4(p, &code)) return false;
    if (code == 0) return refuse(p, "a zero character in a string");
    if (code >= 0xD800 && code < 0xE000) {
        if (code >= 0xDC00 || !accept(p, '\\') || !accept(p, 'u'))
            return refuse(p, "half of a surrogate pair");
        if (!hex4(p, &low)) return false;
        if (low < 0xDC00 || low >= 0xE000) return refuse(p, "half of a surrogate pair");
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    *out += utf8_encode(code, *out);
    return true;
}

static bool escape(struct parser *p, char **out)
{
    static const char letter[] = "\"\\/bfnrt", meaning[] = "\"\\/\b\f\n\r\t";
    if (accept(p, 'u')) return unicode_escape(p, out);
    const char *found = peek(p) ? strchr(letter, peek(p)) : NULL;
    if (!found) return refuse(p, "an unknown escape in a string");
    *(*out)++ = meaning[found - letter];
    p->at++;
    return true;
}

static bool characters(struct parser *p, char *out)
{
    while (!accept(p, '"')) {
        if (p->at == p->end) return refuse(p, "a string without its end");
        if ((unsigned char)*p->at < 0x20) return refuse(p, "a control character in a string");
        if (accept(p, '\\')) {
            if (!escape(p, &out)) return false;
            continue;
        }
        size_t n = utf8_length(p->at, p->end);
        if (n == 0) return refuse(p, "a string that is not UTF-8");
        memcpy(out, p->at, n);
        out += n;
        p->at += n;
    }
    *out = '\0';
    return true;
}

/* No escape is shorter than its character, so the length up to the closing quote is enough room. */
static char *string(struct parser *p)
{
    if (!accept(p, '"')) {
        refuse(p, peek(p) == '\'' ? "single quotes are not JSON; use double "
                                    "quotes" : "expected a string");
        return NULL;
    }
    const char *stop = p->at;
    while (stop < p->end && *stop != '"') stop += *stop == '\\' && stop + 1 < p->end ? 2 : 1;
    char *out = malloc((size_t)(stop - p->at) + 1);
    if (!out) {
        refuse(p, "no memory left");
        return NULL;
    }
    if (characters(p, out)) return out;
    free(out);
    return NULL;
}

static bool digits(struct parser *p)
{
    const char *start = p->at;
    while (peek(p) >= '0' && peek(p) <= '9') p->at++;
    return p->at > start;
}

static bool number(struct parser *p, struct json *value)
{
    const char *start = p->at;
    value->type = JSON_NUMBER;
    accept(p, '-');
    bool good = accept(p, '0') || digits(p);
    if (good && accept(p, '.')) good = digits(p);
    if (good && (accept(p, 'e') || accept(p, 'E'))) {
        if (!accept(p, '-')) accept(p, '+');
        good = digits(p);
    }
    if (!good) return refuse(p, "not a JSON value");
    value->string = strndup(start, (size_t)(p->at - start));
    if (!value->string) return refuse(p, "no memory left");
    if (parse_double(value->string, &value->number)) return true;
    p->at = start;
    return refuse(p, "a number out of range");
}

static bool word(struct parser *p, const char *text)
{
    size_t n = strlen(text);
    if ((size_t)(p->end - p->at) < n || memcmp(p->at, text, n) != 0)
        return refuse(p, "not a JSON value");
    p->at += n;
    return true;
}

static bool any_value(struct parser *p, struct json *value);

static bool members(struct parser *p, struct json *value, char close)
{
    struct json **last = &value->child;
    p->at++;
    skip_space(p);
    if (accept(p, close)) return true;
    do {
        struct json *member = calloc(1, sizeof *member);
        if (!member) return refuse(p, "no memory left");
        *last = member;
        last = &member->next;
        skip_space(p);
        if (close == '}') {
            member->key = string(p);
            if (!member->key) return false;
            skip_space(p);
            if (!accept(p, ':')) return refuse(p, "expected a ':'");
            skip_space(p);
        }
        if (!any_value(p, member)) return false;
        skip_space(p);
    } while (accept(p, ','));
    if (accept(p, close)) return true;
    return refuse(p, close == '}' ? "expected a ',' or '}'" : "expected a ',' or ']'");
}

static bool nested(struct parser *p, struct json *value, enum json_type type, char close)
{
    value->type = type;
    if (p->depth == DEEPEST) return refuse(p, "nested more than 64 deep");
    p->depth++;
    bool good = members(p, value, close);
    p->depth--;
    return good;
}

static bool any_value(struct parser *p, struct json *value)
{
    switch (peek(p)) {
    case '{': return nested(p, value, JSON_OBJECT, '}');
    case '[': return nested(p, value, JSON_ARRAY, ']');
    case '"':
        value->type = JSON_STRING;
        return (value->string = string(p)) != NULL;
    case 't':
        value->type = JSON_BOOL;
        value->boolean = true;
        return word(p, "true");
    case 'f':
        value->type = JSON_BOOL;
        return word(p, "false");
    case 'n':
        value->type = JSON_NULL;
        return word(p, "null");
    default: return number(p, value);
    }
}

struct json *json_parse(const char *text, size_t length, size_t *column, const char **reason)
{
    struct parser p = {.text = text, .end = text + length, .at = text};
    struct json *value = calloc(1, sizeof *value);
    if (!value) {
        refuse(&p, "no memory left");
    } else {
        skip_space(&p);
        if (any_value(&p, value)) {
            skip_space(&p);
            if (p.at < p.end) refuse(&p, "something follows the JSON value");
        }
    }
    if (!p.reason) return value;
    *column = (size_t)(p.at - text) + 1;
    *reason = p.reason;
    json_free(value);
    return NULL;
}

const struct json *json_get(const struct json *object, const char *key)
{
    const struct json *found = NULL;
    if (object->type != JSON_OBJECT) return NULL;
    for (const struct json *child = object->child; child; child = child->next)
        if (strcmp(child->key, key) == 0) found = child;
    return found;
}

/* Recurses no deeper than json_parse; siblings in a loop, because arrays are long. */
void json_free(struct json *json)
{
    while (json) {
        struct json *next = json->next;
        json_free(json->child);
        free(json->string);
        free(json->key);
        free(json);
        json = next;
    }
}
