/* SPDX-License-Identifier: MIT */
#include "src/model/reader.h"

#include "src/base/error.h"
#include "src/model/crc32c.h"
#include "src/model/sections.h"
#include "src/model/sha256.h"

#include <string.h>

const char voq_section_type[N_SECTION][5] = {"FRNT", "NORM", "XFRM", "ENCD",
                                             "CDBK", "NAME", "PROV", "LABL"};

static uint32_t u32_at(const unsigned char *p)
{
    uint32_t v;
    memcpy(&v, p, 4);
    return v;
}

static uint64_t u64_at(const unsigned char *p)
{
    uint64_t v;
    memcpy(&v, p, 8);
    return v;
}

static voq_status check_header(const unsigned char *b, size_t n, voq_error *error)
{
    if (n < 8 || memcmp(b, LAYOUT_MAGIC, 8) != 0)
        return voq_refuse(error, VOQ_ERROR_NOT_VOQ, 0,
                          "not a voq model: it does not start with voq's magic bytes");
    if (n < HEADER_SIZE)
        return voq_refuse(error, VOQ_ERROR_CORRUPT, n, "the file is cut off within its header");
    uint32_t version = u32_at(b + 8), n_section = u32_at(b + 12);
    if (version == 0)
        return voq_refuse(error, VOQ_ERROR_CORRUPT, 8, "there is no file version 0");
    if (version != LAYOUT_VERSION)
        return voq_refuse(error, VOQ_ERROR_VERSION, 8, "file version %u, this voq reads version %d",
                          (unsigned)version, LAYOUT_VERSION);
    if (u64_at(b + 16) != n)
        return voq_refuse(error, VOQ_ERROR_CORRUPT, 16, "the file has %llu bytes but says %llu",
                          (unsigned long long)n, (unsigned long long)u64_at(b + 16));
    uint64_t table_end = HEADER_SIZE + (uint64_t)n_section * ENTRY_SIZE;
    if (table_end > n)
        return voq_refuse(error, VOQ_ERROR_CORRUPT, n,
                          "the file is cut off within its section table");
    uint32_t crc = voq_crc32c(voq_crc32c(0, b, 24), b + HEADER_SIZE,
                              (size_t)table_end - HEADER_SIZE);
    if (crc != u32_at(b + 24))
        return voq_refuse(error, VOQ_ERROR_CORRUPT, 24, "the section table is damaged (checksum)");
    if (u32_at(b + 28) != 0)
        return voq_refuse(error, VOQ_ERROR_CORRUPT, 28,
                          "reserved bytes of the header are not zero");
    if (n_section > MAX_SECTIONS)
        return voq_refuse(error, VOQ_ERROR_VERSION, 12, "%u sections, this voq reads at most %d",
                          (unsigned)n_section, MAX_SECTIONS);
    return VOQ_OK;
}

int voq_section_of(const void *type)
{
    for (int s = 0; s < N_SECTION; s++)
        if (memcmp(type, voq_section_type[s], 4) == 0) return s;
    return -1;
}

/* Reads one row of the table. *expected is where its section must begin, then where the next must.
   */
static voq_status take_entry(const unsigned char *b, size_t n, size_t at, uint64_t *expected,
                             int *last, struct parsed *parsed, voq_error *error)
{
    const unsigned char *entry = b + at;
    uint32_t flags = u32_at(entry + 4);
    uint64_t offset = u64_at(entry + 8), size = u64_at(entry + 16);
    if (offset != *expected || size > n - offset)
        return voq_refuse(error, VOQ_ERROR_CORRUPT, at + 8,
                          "a section does not lie where the one before ends");
    for (uint64_t i = offset + size; i < n && i % SECTION_ALIGN; i++)
        if (b[i] != 0)
            return voq_refuse(error, VOQ_ERROR_CORRUPT, i, "a byte between sections is not zero");
    *expected = (offset + size + SECTION_ALIGN - 1) / SECTION_ALIGN * SECTION_ALIGN;
    int s = voq_section_of(entry);
    if (voq_crc32c(0, b + offset, (size_t)size) != u32_at(entry + 24))
        return voq_refuse(error, VOQ_ERROR_CORRUPT, offset, "section %s is damaged (checksum)",
                          s < 0 ? "of an unknown type" : voq_section_type[s]);
    if (u32_at(entry + 28) != 0 || (flags & ~(uint32_t)SECTION_REQUIRED))
        return voq_refuse(error, VOQ_ERROR_VERSION, at,
                          "a section table entry uses bits of a newer voq");

    if (s < 0) {
        parsed->n_other++;
        if (!(flags & SECTION_REQUIRED)) return VOQ_OK;
        return voq_refuse(error, VOQ_ERROR_VERSION, at,
                          "the model needs a part that this voq lacks");
    }
    if (s <= *last)
        return voq_refuse(error, VOQ_ERROR_CORRUPT, at, "section %s is there twice or out of order",
                          voq_section_type[s]);
    *last = s;
    parsed->section[s] = (struct span){b + offset, offset, size};
    return VOQ_OK;
}

static voq_status take_apart(const unsigned char *bytes, size_t n_byte, struct parsed *parsed,
                             voq_error *error)
{
    *parsed = (struct parsed){0};
    voq_status status = check_header(bytes, n_byte, error);
    if (status != VOQ_OK) return status;

    uint32_t n_section = u32_at(bytes + 12);
    uint64_t expected = HEADER_SIZE + (uint64_t)n_section * ENTRY_SIZE;
    int last = -1;
    for (uint32_t i = 0; i < n_section; i++) {
        size_t at = HEADER_SIZE + (size_t)i * ENTRY_SIZE;
        if (expected > n_byte)
            return voq_refuse(error, VOQ_ERROR_CORRUPT, at + 8,
                              "a section lies beyond the end of the file");
        status = take_entry(bytes, n_byte, at, &expected, &last, parsed, error);
        if (status != VOQ_OK) return status;
    }
    if (expected > n_byte)
        return voq_refuse(error, VOQ_ERROR_CORRUPT, n_byte, "the file is cut off within a section");
    if (expected < n_byte)
        return voq_refuse(error, VOQ_ERROR_CORRUPT, expected,
                          "there are bytes after the last section");
    return voq_parse_sections(parsed, error);
}

/* Appends one of three pieces of advice to the message. */
static void advise(voq_status status, voq_error *error)
{
    const char *advice = "; get the model again";
    if (!voq_is_asked(error)) return;
    if (status == VOQ_ERROR_NOT_VOQ) advice = "; give a .voq file";
    if (status == VOQ_ERROR_VERSION) advice = "; it was made by a newer voq; get a newer one";
    size_t n = strlen(error->text);
    if (n + strlen(advice) < sizeof error->text) strcpy(error->text + n, advice);
}

voq_status voq_parse_model(const unsigned char *bytes, size_t n_byte, struct parsed *parsed,
                           voq_error *error)
{
    voq_status status = take_apart(bytes, n_byte, parsed, error);
    if (status != VOQ_OK) advise(status, error);
    return status;
}

void voq_find_other_sections(const unsigned char *bytes, voq_section *section)
{
    for (uint32_t i = 0; i < u32_at(bytes + 12); i++) {
        const unsigned char *entry = bytes + HEADER_SIZE + (size_t)i * ENTRY_SIZE;
        if (voq_section_of(entry) >= 0) continue;
        *section = (voq_section){.bytes = bytes + u64_at(entry + 8),
                                 .n_byte = (size_t)u64_at(entry + 16)};
        memcpy(section++->type, entry, 4);
    }
}

uint64_t voq_hash_model(const struct parsed *parsed)
{
    struct sha256 sha;
    unsigned char digest[32];
    voq_sha256_begin(&sha);
    for (int s = 0; s < N_HASHED; s++) {
        const struct span *span = &parsed->section[s];
        if (!span->bytes) continue;
        voq_sha256_add(&sha, voq_section_type[s], 4);
        voq_sha256_add(&sha, &span->size, 8);
        voq_sha256_add(&sha, span->bytes, (size_t)span->size);
    }
    voq_sha256_end(&sha, digest);
    uint64_t hash = 0;
    for (int i = 0; i < 8; i++) hash = hash << 8 | digest[i];
    return hash;
}
