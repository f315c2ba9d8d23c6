/* SPDX-License-Identifier: MIT */
/* Constants and structs of the .voq file, which models/README.md describes byte by byte. */
#ifndef VOQ_LAYOUT_H
#define VOQ_LAYOUT_H

#include "src/encoder/encoder.h"

#include "voq.h"

#if !defined(__BYTE_ORDER__) || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "voq reads its little-endian model files in place; this machine is not little-endian"
#endif

enum {
    LAYOUT_VERSION = 1,
    HEADER_SIZE = 32,
    ENTRY_SIZE = 32,
    SECTION_ALIGN = 8,
    MAX_SECTIONS = 64,
    SECTION_REQUIRED = 1,  /* flag: a reader that does not know the type must reject */
    FRNT_FIRST_WORDS = 30, /* of format 1: 21 u32, then 9 f32, in the order of voq_frontend */
    FRNT_WORDS = 30,       /* known to this voq */
    NORM_HEAD = 24,
    XFRM_HEAD = 24,
    ENCD_HEAD = 8,
    ENCD_LAYER = 40,
    CDBK_HEAD = 16,
    LABL_HEAD = 8,
    MAX_STACK = 32,
    MAX_FEATURE_DIM = 2048,
    MAX_CODES = 1 << 22
};

#define LAYOUT_MAGIC "\x89VOQ\r\n\x1a\n"

/* In the order of the file. The model hash covers the first N_HASHED. */
enum section { FRNT, NORM, XFRM, ENCD, CDBK, NAME, PROV, LABL, N_SECTION };
enum { N_HASHED = 5 };
extern const char voq_section_type[N_SECTION][5];

struct span {
    const unsigned char *bytes; /* NULL: the section is absent */
    uint64_t offset, size;
};

/* A parsed file: every span is inside it, and every number and text has been checked. */
struct parsed {
    struct span section[N_SECTION];
    voq_frontend frontend;
    voq_normalise normalise;
    voq_transform transform;
    voq_encoder encoder; /* n_layer 0: none; its layers are the next field */
    voq_layer layer[MAX_LAYERS];
    const float *codeword;
    uint32_t n_codebook, n_code;
    const char *label; /* one text after another, or NULL */
    const float *label_probability;
    uint32_t n_other; /* sections that are kept but not read */
    uint32_t frontend_dim; /* of what enters the chain after the front end */
    uint32_t dim;          /* of a feature vector, after the encoder */
};

#endif
