/* SPDX-License-Identifier: MIT */
/* Structs of voq.h begin with struct_size and grow at their end. A caller built against an older
   or a newer header has a shorter or a longer one; both are served. */
#ifndef VOQ_VERSIONED_H
#define VOQ_VERSIONED_H

#include "voq.h"

#include <stdbool.h>

/* The sizes of 0.2, or of the version that brought a struct, up to its last field: a smaller
   struct_size was never set. A struct has no padding after its last field, so that a new field
   cannot lie within an old size. */
#define VERSIONED_UP_TO(type, field) (offsetof(type, field) + sizeof(((type *)0)->field))
enum {
    FIRST_ERROR = VERSIONED_UP_TO(voq_error, text),
    FIRST_OPTIONS = VERSIONED_UP_TO(voq_options, block),
    FIRST_FRONTEND = VERSIONED_UP_TO(voq_frontend, top_db),
    FIRST_NORMALISE = VERSIONED_UP_TO(voq_normalise, variance),
    FIRST_TRANSFORM = VERSIONED_UP_TO(voq_transform, bias),
    FIRST_ENCODER = VERSIONED_UP_TO(voq_encoder, n_layer),
    FIRST_LAYER = VERSIONED_UP_TO(voq_layer, state),
    FIRST_PARTS = VERSIONED_UP_TO(voq_parts, provenance),
    FIRST_INFO = VERSIONED_UP_TO(voq_info, whole_signal),
    FIRST_OUTPUT = VERSIONED_UP_TO(voq_output, z_q)
};

/* Copies the fields that both know from the caller's struct and sets the rest of ours to zeros.
   Returns false where the caller's struct_size is below first_size. */
bool voq_take_struct(void *ours, size_t our_size, const void *theirs, size_t first_size);

/* Copies the fields that both know into the caller's struct; its struct_size and the bytes after
   our fields do not change. Returns false as above. */
bool voq_give_struct(void *theirs, const void *ours, size_t our_size, size_t first_size);

/* Returns ARGUMENT: the struct_size of `what`, a `type`, is not set. */
voq_status voq_refuse_unset(voq_error *error, const char *what, const char *type);

#endif
