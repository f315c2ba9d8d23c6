/* SPDX-License-Identifier: MIT */
/* The sections that hold text: NAME, PROV, and the labels of LABL. */
#include "src/model/section_fields.h"
#include "src/model/sections.h"

/* Length of the UTF-8 character at s, 0 if there is none (RFC 3629). */
static size_t utf8_length(const unsigned char *s, uint64_t n)
{
    static const struct {
        unsigned char mask, lead;
        uint32_t least;
    } form[] = {{0x80, 0x00, 0}, {0xe0, 0xc0, 0x80}, {0xf0, 0xe0, 0x800}, {0xf8, 0xf0, 0x10000}};
    for (size_t k = 0; k < 4; k++) {
        if ((s[0] & form[k].mask) != form[k].lead || k + 1 > n) continue;
        uint32_t code = s[0] & (unsigned char)~form[k].mask;
        for (size_t i = 1; i <= k; i++) {
            if ((s[i] & 0xc0) != 0x80) return 0;
            code = code << 6 | (s[i] & 0x3f);
        }
        bool surrogate = code >= 0xd800 && code < 0xe000;
        return code < form[k].least || surrogate || code > 0x10ffff ? 0 : k + 1;
    }
    return 0;
}

/* Length of the printable character at byte `at`, or of a line end where those may be; else 0. */
static size_t character_at(const struct span *span, uint64_t at, bool lines)
{
    unsigned char c = span->bytes[at];
    if (c == 0x7f || (c < 0x20 && !(lines && c == '\n'))) return 0;
    return utf8_length(span->bytes + at, span->size - at);
}

/* U+0080 to U+009F, which some terminals obey. */
static bool is_control(const unsigned char *s, uint64_t n_byte)
{
    return n_byte == 2 && s[0] == 0xc2 && s[1] < 0xa0;
}

static voq_status check_text(const struct span *span, const char *section, bool lines,
                             voq_error *error)
{
    for (uint64_t i = 0; i < span->size;) {
        size_t n = character_at(span, i, lines);
        if (n == 0)
            return voq_refuse(error, VOQ_ERROR_CORRUPT, span->offset + i,
                              "section %s: a byte is not UTF-8 text", section);
        i += n;
    }
    if (lines && span->size && span->bytes[span->size - 1] != '\n')
        return corrupt(error, span, section, "the last line has no end");
    return VOQ_OK;
}

/* Walks over n texts, each ended by a zero byte; *end is behind the last one. */
static voq_status walk_labels(const struct span *span, uint64_t at, uint32_t n, uint64_t *end,
                              voq_error *error)
{
    for (uint32_t i = 0; i < n; i++, at++) {
        for (; at < span->size && span->bytes[at];) {
            uint64_t n_byte = character_at(span, at, false);
            if (n_byte == 0 || is_control(span->bytes + at, n_byte))
                return voq_refuse(error, VOQ_ERROR_CORRUPT, span->offset + at,
                                  "section LABL: a byte is not UTF-8 text");
            at += n_byte;
        }
        if (at >= span->size)
            return corrupt(error, span, "LABL", "a label has no end");
    }
    *end = at;
    return VOQ_OK;
}

static voq_status parse_labels(struct parsed *p, voq_error *error)
{
    const struct span *span = &p->section[LABL];
    voq_status status = check_size(error, span, "LABL", LABL_HEAD, UINT64_MAX);
    if (status != VOQ_OK) return status;
    if (word(span, 1) != 0) return unknown(error, span, "LABL", "reserved bytes are in use");
    uint64_t n = word(span, 0), at = LABL_HEAD + 4 * n, end = 0;
    if (n == 0 || n != p->n_code)
        return corrupt(error, span, "LABL", "it does not have a label for each codeword");
    status = check_size(error, span, "LABL", at, UINT64_MAX);
    if (status == VOQ_OK)
        status = floats_at(span, LABL_HEAD, n, "LABL", &p->label_probability, error);
    for (uint64_t i = 0; status == VOQ_OK && i < n; i++) {
        float probability = float_at(span, LABL_HEAD + 4 * i);
        if (!(probability >= 0.0f && probability <= 1.0f))
            return corrupt(error, span, "LABL", "a probability is not within 0 and 1");
    }
    if (status == VOQ_OK) status = walk_labels(span, at, (uint32_t)n, &end, error);
    if (status != VOQ_OK) return status;
    p->label = (const char *)span->bytes + at;
    return check_size(error, span, "LABL", end, end);
}

voq_status voq_parse_texts(struct parsed *p, voq_error *error)
{
    voq_status status = VOQ_OK;
    if (p->section[NAME].bytes) status = check_text(&p->section[NAME], "NAME", false, error);
    if (status == VOQ_OK && p->section[PROV].bytes)
        status = check_text(&p->section[PROV], "PROV", true, error);
    if (status == VOQ_OK && p->section[LABL].bytes) status = parse_labels(p, error);
    return status;
}
