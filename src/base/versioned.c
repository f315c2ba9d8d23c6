/* SPDX-License-Identifier: MIT */
#include "src/base/versioned.h"

#include "src/base/error.h"

#include <string.h>

#define HAS_NO_PADDING(type, first)                                                                \
    _Static_assert((first) % _Alignof(type) == 0, "padding behind the first fields of " #type)
HAS_NO_PADDING(voq_error, FIRST_ERROR);
HAS_NO_PADDING(voq_options, FIRST_OPTIONS);
HAS_NO_PADDING(voq_frontend, FIRST_FRONTEND);
HAS_NO_PADDING(voq_normalise, FIRST_NORMALISE);
HAS_NO_PADDING(voq_transform, FIRST_TRANSFORM);
HAS_NO_PADDING(voq_encoder, FIRST_ENCODER);
HAS_NO_PADDING(voq_layer, FIRST_LAYER);
HAS_NO_PADDING(voq_parts, FIRST_PARTS);
HAS_NO_PADDING(voq_info, FIRST_INFO);
HAS_NO_PADDING(voq_output, FIRST_OUTPUT);

/* The bytes that both structs have, 0 where the caller's is not valid. */
static size_t common_size(const void *theirs, size_t our_size, size_t first_size)
{
    size_t size;
    memcpy(&size, theirs, sizeof size);
    if (size < first_size) return 0;
    return size < our_size ? size : our_size;
}

bool voq_take_struct(void *ours, size_t our_size, const void *theirs, size_t first_size)
{
    size_t n = common_size(theirs, our_size, first_size);
    if (n == 0) return false;
    memcpy(ours, theirs, n);
    memset((char *)ours + n, 0, our_size - n);
    memcpy(ours, &our_size, sizeof our_size);
    return true;
}

bool voq_give_struct(void *theirs, const void *ours, size_t our_size, size_t first_size)
{
    size_t n = common_size(theirs, our_size, first_size), at = sizeof(size_t);
    if (n == 0) return false;
    memcpy((char *)theirs + at, (const char *)ours + at, n - at);
    return true;
}

voq_status voq_refuse_unset(voq_error *error, const char *what, const char *type)
{
    return voq_refuse(error, VOQ_ERROR_ARGUMENT, VOQ_NO_OFFSET,
                      "%s.struct_size is not set; set it to sizeof(%s)", what, type);
}
