/* SPDX-License-Identifier: MIT */
/* The state of the pickle machine, for the files that implement its operations. */
#ifndef VOQ_TOOLS_PICKLE_MACHINE_H
#define VOQ_TOOLS_PICKLE_MACHINE_H

#include "tools/formats/pickle.h"

enum {
    MOST_STACK = 10000,
    MOST_MEMO = 65536,
    MOST_TEXT = 1 << 20,  /* of all strings together */
    MOST_NODES = 1 << 20,
    MOST_CELLS = 1 << 20
};

struct machine {
    struct pickle *pickle;
    const unsigned char *bytes;
    size_t n_byte, at;
    size_t opcode_at; /* named in messages */
    const char *path;
    struct failure *failure;
    uint32_t *stack; /* [MOST_STACK] */
    size_t n_stack;
    uint32_t *memo; /* [MOST_MEMO], 0: free */
    uint32_t n_memo;
    size_t n_text;
};

/* Fails with the byte and the current opcode. */
static inline bool machine_refuse(const struct machine *machine, const char *reason)
{
    return fail(machine->failure, EXIT_INPUT, "%s: byte %zu: opcode %02X: %s", machine->path,
                machine->opcode_at, machine->bytes[machine->opcode_at], reason);
}

/* Reads the next n bytes of the file. */
bool machine_take(struct machine *machine, size_t n, const unsigned char **bytes);

struct pickle_node *machine_node(const struct machine *machine, uint32_t i);

/* Push an existing node, or a new one, onto the stack. */
bool machine_push(struct machine *machine, uint32_t node);
bool machine_push_new(struct machine *machine, const struct pickle_node *node);
bool machine_push_type(struct machine *machine, enum pickle_type type);
bool machine_push_integer(struct machine *machine, enum pickle_type type, int64_t integer);

/* Return the node on top, removed or not. It is never a mark. */
bool machine_pop(struct machine *machine, uint32_t *node);
bool machine_peek(struct machine *machine, uint32_t *node);

/* Finds the first stack slot above the topmost mark. */
bool machine_find_mark(struct machine *machine, size_t *first);

/* Adds an entry to a list, tuple or dictionary. */
bool machine_append(struct machine *machine, uint32_t to, uint32_t key, uint32_t value);

/* REDUCE of numpy.dtype: ('f4', False, True) becomes a DTYPE on the stack. */
bool machine_make_dtype(struct machine *machine, const struct pickle_node *arguments);

/* BUILD of a DTYPE: the byte order is in its state. */
bool machine_build_dtype(struct machine *machine, struct pickle_node *dtype,
                         const struct pickle_node *state);

/* BUILD of a WRAPPER: it becomes its array, whose bytes follow at once. */
bool machine_build_array(struct machine *machine, uint32_t target,
                         const struct pickle_node *state);

#endif
