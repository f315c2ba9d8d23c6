/* SPDX-License-Identifier: MIT */
/* Follows the few operations of Python's pickle machine that a joblib dump of a k-means model
   needs, and calls nothing: classes become tags, and arrays become offsets in the file. */
#ifndef VOQ_TOOLS_PICKLE_H
#define VOQ_TOOLS_PICKLE_H

#include "tools/base/failure.h"

#include <stddef.h>
#include <stdint.h>

enum pickle_type {
    PICKLE_NOTHING, /* node 0, which means "absent" */
    PICKLE_MARK,
    PICKLE_NONE,
    PICKLE_BOOL,
    PICKLE_INT,
    PICKLE_FLOAT,
    PICKLE_TEXT,   /* text[length] in the file: str or bytes */
    PICKLE_TUPLE,  /* cells of values */
    PICKLE_LIST,   /* its items are dropped */
    PICKLE_DICT,   /* cells of keys and values */
    PICKLE_CLASS,
    PICKLE_OBJECT, /* of a k-means class; state is its dict */
    PICKLE_WRAPPER,/* joblib's, before its array */
    PICKLE_DTYPE,
    PICKLE_SCALAR,
    PICKLE_ARRAY
};

enum pickle_class {
    PICKLE_CLASS_KMEANS,
    PICKLE_CLASS_WRAPPER,
    PICKLE_CLASS_NDARRAY,
    PICKLE_CLASS_DTYPE,
    PICKLE_CLASS_SCALAR
};

enum { PICKLE_MOST_DIMS = 8 };

struct pickle_array {
    char kind;      /* NumPy's: 'f', 'i', 'u', 'b' */
    unsigned size;  /* bytes of an element */
    bool big_endian, fortran;
    unsigned n_dim;
    uint64_t shape[PICKLE_MOST_DIMS];
    uint64_t offset; /* of the data in the file */
};

struct pickle_node {
    enum pickle_type type;
    enum pickle_class class;   /* CLASS */
    int64_t integer;           /* INT, BOOL */
    const char *text;          /* TEXT */
    size_t length;
    uint32_t first, last;      /* TUPLE, DICT: cells; 0: none */
    uint32_t n;                /* TUPLE: number of items */
    uint32_t state;            /* OBJECT */
    struct pickle_array *array; /* ARRAY, DTYPE (kind, size, big_endian); owned by the pickle */
};

struct pickle_cell {
    uint32_t key, value, next;
};

struct pickle {
    struct pickle_node *node; /* [n_node], node[0] is PICKLE_NOTHING */
    struct pickle_cell *cell; /* [n_cell], cell[0] is not used */
    size_t n_node, node_capacity, n_cell, cell_capacity;
    uint32_t top; /* the object that was dumped */
};

/* bytes must outlive the pickle; free it in any case. EXIT_INPUT "PATH: byte OFFSET: ...". */
bool pickle_parse(struct pickle *pickle, const unsigned char *bytes, size_t n_byte,
                  const char *path, struct failure *failure);
void pickle_free(struct pickle *pickle);

/* Returns the value of a key of a DICT; node 0: absent. */
const struct pickle_node *pickle_get(const struct pickle *pickle,
                                     const struct pickle_node *dict, const char *key);

/* Returns item i of a TUPLE; node 0: absent. */
const struct pickle_node *pickle_item(const struct pickle *pickle,
                                      const struct pickle_node *tuple, uint32_t i);

bool pickle_text_is(const struct pickle_node *node, const char *text);

#endif
