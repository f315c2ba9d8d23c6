/* SPDX-License-Identifier: MIT */
/* Any bytes as AIFF, AU, CAF, RIFX, Sphere, W64 or something else: how long the audio is, and what
   stands behind it. libsndfile is not asked. */
#define _GNU_SOURCE
#include "tests/fuzz/memory_file.h"
#include "tools/audio/container_length.h"
#include "tools/audio/trailing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_trailing(struct byte_source *source, uint64_t position,
                           const struct chunk_layout *layout)
{
    uint64_t other, again;
    struct failure failure;
    if (!trailing_other(source, position, layout, &other, &failure)) abort();
    if (other == AUDIO_UNKNOWN) return;
    if (other < position || other >= byte_source_size(source)) abort();
    if (!trailing_other(source, other, layout, &again, &failure) || again != other) abort();
}

/* Once the header is mended, it states what was found. */
static void check_length(struct byte_source *source, const struct container_length *length)
{
    const struct stated_length *stated = &length->stated;
    struct settled_length settled;
    struct container_length mended;
    struct failure failure;
    uint64_t size = byte_source_size(source);
    uint64_t there = size > stated->position ? size - stated->position : 0;
    if (!stated_length_settle(source, stated, &settled, &failure)) abort();
    if (settled.beyond != AUDIO_UNKNOWN && settled.beyond >= size) abort();
    if (settled.bytes < there) there = settled.bytes;
    if (length->field == 0 || there == stated->bytes) return;
    container_length_mend(source, length, there);
    container_length_limit(source, length, &settled);
    if (!container_length_read(source, &mended, &failure)) abort();
    if (mended.is_known && mended.stated.position == stated->position &&
        mended.stated.bytes != there)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct byte_source *source;
    struct container_length length;
    struct failure failure;
    struct memory_file file = memory_file_open(data, n);
    if (!byte_source_open(&source, &(struct audio_request){.path = file.path}, &failure)) abort();
    for (uint64_t position = 0; position <= n && position < 64; position += 8) {
        check_trailing(source, position, NULL);
        if (n >= 4) check_trailing(source, position, chunk_layout_find(data));
    }
    if (container_length_read(source, &length, &failure) && length.is_known)
        check_length(source, &length);
    byte_source_close(source);
    memory_file_close(&file);
    return 0;
}
