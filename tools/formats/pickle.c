/* SPDX-License-Identifier: MIT */
#include "tools/formats/pickle.h"

#include "tools/formats/byte_reader.h"
#include "tools/formats/pickle_machine.h"

#include <stdlib.h>
#include <string.h>

static bool push_tuple(struct machine *m, size_t first)
{
    size_t n = m->n_stack - first;
    const uint32_t *item = m->stack + first;
    struct pickle *p = m->pickle;
    uint32_t tuple = (uint32_t)p->n_node;
    if (!machine_push_type(m, PICKLE_TUPLE)) return false;
    for (size_t i = 0; i < n; i++)
        if (!machine_append(m, tuple, 0, item[i])) return false;
    m->n_stack = first;
    return machine_push(m, tuple);
}

static bool do_tuple(struct machine *m, size_t n)
{
    if (n > m->n_stack) return machine_refuse(m, "the stack is empty");
    for (size_t i = m->n_stack - n; i < m->n_stack; i++)
        if (machine_node(m, m->stack[i])->type == PICKLE_MARK)
            return machine_refuse(m, "a mark in a tuple");
    return push_tuple(m, m->n_stack - n);
}

static bool do_tuple_to_mark(struct machine *m)
{
    size_t first;
    if (!machine_find_mark(m, &first) || !push_tuple(m, first)) return false;
    m->stack[first - 1] = m->stack[first];
    m->n_stack = first;
    return true;
}

static bool do_set_items(struct machine *m)
{
    size_t first;
    if (!machine_find_mark(m, &first)) return false;
    if (first < 2 || (m->n_stack - first) % 2 != 0 ||
        machine_node(m, m->stack[first - 2])->type != PICKLE_DICT)
        return machine_refuse(m, "items without a dict");
    for (size_t i = first; i < m->n_stack; i += 2)
        if (!machine_append(m, m->stack[first - 2], m->stack[i], m->stack[i + 1])) return false;
    m->n_stack = first - 1;
    return true;
}

static bool do_set_item(struct machine *m)
{
    uint32_t key, value, dict;
    if (!machine_pop(m, &value) || !machine_pop(m, &key) || !machine_peek(m, &dict)) return false;
    if (machine_node(m, dict)->type != PICKLE_DICT)
        return machine_refuse(m, "an item without a dict");
    return machine_append(m, dict, key, value);
}

static bool do_append(struct machine *m, bool to_mark)
{
    size_t first = m->n_stack;
    if (to_mark && !machine_find_mark(m, &first)) return false;
    if (first < 2 || machine_node(m, m->stack[first - 2])->type != PICKLE_LIST)
        return machine_refuse(m, "items without a list");
    m->n_stack = first - 1;
    return true;
}

static bool push_text(struct machine *m, size_t length)
{
    const unsigned char *bytes;
    if (!machine_take(m, length, &bytes)) return false;
    m->n_text += length;
    if (m->n_text > MOST_TEXT) return machine_refuse(m, "more text than a k-means model has");
    return machine_push_new(m, &(struct pickle_node){
                           .type = PICKLE_TEXT, .text = (const char *)bytes, .length = length});
}

static bool same(const char *text, size_t length, const char *other)
{
    return strlen(other) == length && memcmp(text, other, length) == 0;
}

static bool push_class(struct machine *m, const char *module, size_t n_module, const char *name,
                       size_t n_name)
{
    static const struct {
        const char *module, *name;
        enum pickle_class class;
    } known[] = {
        {"sklearn.cluster._kmeans", "MiniBatchKMeans", PICKLE_CLASS_KMEANS},
        {"sklearn.cluster._kmeans", "KMeans", PICKLE_CLASS_KMEANS},
        {"sklearn.cluster.k_means_", "MiniBatchKMeans", PICKLE_CLASS_KMEANS},
        {"sklearn.cluster.k_means_", "KMeans", PICKLE_CLASS_KMEANS},
        {"joblib.numpy_pickle", "NumpyArrayWrapper", PICKLE_CLASS_WRAPPER},
        {"sklearn.externals.joblib.numpy_pickle", "NumpyArrayWrapper", PICKLE_CLASS_WRAPPER},
        {"numpy", "ndarray", PICKLE_CLASS_NDARRAY},
        {"numpy", "dtype", PICKLE_CLASS_DTYPE},
        {"numpy.core.multiarray", "scalar", PICKLE_CLASS_SCALAR},
        {"numpy._core.multiarray", "scalar", PICKLE_CLASS_SCALAR},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (same(module, n_module, known[i].module) && same(name, n_name, known[i].name))
            return machine_push_new(m, &(struct pickle_node){.type = PICKLE_CLASS,
                                                     .class = known[i].class});
    if (same(name, n_name, "__randomstate_ctor"))
        return machine_refuse(m, "the model keeps a RandomState; re-save it with "
                                 "random_state=None, or export cluster_centers_ with np.save");
    if (same(name, n_name, "_reconstruct"))
        return machine_refuse(m, "a plain pickle; re-save with joblib.dump, or export "
                                 "cluster_centers_ with np.save");
    return fail(m->failure, EXIT_INPUT,
                "%s: byte %zu: opcode %02X: %.*s.%.*s is not part of a k-means model; export "
                "cluster_centers_ with np.save", m->path, m->opcode_at, m->bytes[m->opcode_at],
                (int)(n_module < 80 ? n_module : 80), module, (int)(n_name < 80 ? n_name : 80),
                name);
}

static bool take_line(struct machine *m, const char **line, size_t *length)
{
    const unsigned char *end = memchr(m->bytes + m->at, '\n', m->n_byte - m->at);
    const unsigned char *bytes;
    *length = end ? (size_t)(end - (m->bytes + m->at)) : m->n_byte - m->at;
    if (!machine_take(m, *length + 1, &bytes)) return false;
    *line = (const char *)bytes;
    return true;
}

static bool do_global(struct machine *m)
{
    const char *module, *name;
    size_t n_module, n_name;
    return take_line(m, &module, &n_module) && take_line(m, &name, &n_name) &&
           push_class(m, module, n_module, name, n_name);
}

static bool do_stack_global(struct machine *m)
{
    uint32_t name, module;
    if (!machine_pop(m, &name) || !machine_pop(m, &module)) return false;
    const struct pickle_node *a = machine_node(m, module), *b = machine_node(m, name);
    if (a->type != PICKLE_TEXT || b->type != PICKLE_TEXT)
        return machine_refuse(m, "the class has no name");
    return push_class(m, a->text, a->length, b->text, b->length);
}

static bool do_put(struct machine *m, uint32_t index)
{
    uint32_t node;
    if (!machine_peek(m, &node)) return false;
    if (index >= MOST_MEMO) return machine_refuse(m, "more memory than a k-means model needs");
    m->n_memo += m->memo[index] == 0;
    m->memo[index] = node;
    return true;
}

static bool do_get(struct machine *m, uint32_t index)
{
    if (index >= MOST_MEMO || m->memo[index] == 0)
        return machine_refuse(m, "nothing was remembered here");
    return machine_push(m, m->memo[index]);
}

static bool do_new_object(struct machine *m)
{
    uint32_t arguments, class;
    if (!machine_pop(m, &arguments) || !machine_pop(m, &class)) return false;
    const struct pickle_node *node = machine_node(m, class);
    if (node->type != PICKLE_CLASS || machine_node(m, arguments)->type != PICKLE_TUPLE)
        return machine_refuse(m, "an object without class");
    if (node->class == PICKLE_CLASS_KMEANS) return machine_push_type(m, PICKLE_OBJECT);
    if (node->class == PICKLE_CLASS_WRAPPER) return machine_push_type(m, PICKLE_WRAPPER);
    return machine_refuse(m, "an object of a class that is only called");
}

static bool do_reduce(struct machine *m)
{
    uint32_t arguments, callable;
    if (!machine_pop(m, &arguments) || !machine_pop(m, &callable)) return false;
    const struct pickle_node *class = machine_node(m, callable);
    const struct pickle_node *tuple = machine_node(m, arguments);
    if (class->type != PICKLE_CLASS || tuple->type != PICKLE_TUPLE)
        return machine_refuse(m, "the called object is not a class");
    if (class->class == PICKLE_CLASS_DTYPE) return machine_make_dtype(m, tuple);
    if (class->class == PICKLE_CLASS_SCALAR) return machine_push_type(m, PICKLE_SCALAR);
    return machine_refuse(m, "a k-means model has no such call");
}

static bool do_build(struct machine *m)
{
    uint32_t state, target;
    if (!machine_pop(m, &state) || !machine_peek(m, &target)) return false;
    struct pickle_node *node = machine_node(m, target);
    const struct pickle_node *content = machine_node(m, state);
    if (node->type == PICKLE_DTYPE) return machine_build_dtype(m, node, content);
    if (content->type != PICKLE_DICT) return machine_refuse(m, "the state is not a dict");
    if (node->type == PICKLE_WRAPPER) return machine_build_array(m, target, content);
    if (node->type != PICKLE_OBJECT) return machine_refuse(m, "a state for what has none");
    node->state = state;
    return true;
}

static bool push_long(struct machine *m)
{
    const unsigned char *length, *bytes;
    if (!machine_take(m, 1, &length) || !machine_take(m, *length, &bytes)) return false;
    if (*length > 8) return machine_refuse(m, "a number too large");
    uint64_t value = *length > 0 && bytes[*length - 1] >> 7 ? UINT64_MAX : 0;
    for (size_t i = *length; i-- > 0;) value = value << 8 | bytes[i];
    return machine_push_integer(m, PICKLE_INT, (int64_t)value);
}

static bool do_protocol(struct machine *m, unsigned char version)
{
    return version == 3 || version == 4 ||
           machine_refuse(m, "a pickle of a protocol other than 3 and 4");
}

/* Size of the argument after an opcode. */
static size_t argument_size(unsigned char opcode)
{
    switch (opcode) {
    case 0x80: case 0x8C: case 0x43: case 0x4B: case 0x71: case 0x68: return 1;
    case 0x4D: return 2;
    case 0x58: case 0x4A: case 0x72: case 0x6A: return 4;
    case 0x95: case 0x47: return 8;
    default: return 0;
    }
}

static bool step(struct machine *m, unsigned char opcode)
{
    const unsigned char *a;
    if (!machine_take(m, argument_size(opcode), &a)) return false;
    switch (opcode) {
    case 0x80: return do_protocol(m, a[0]);
    case 0x95: return true; /* FRAME */
    case 0x8C: case 0x43: return push_text(m, a[0]);
    case 0x58: return push_text(m, get_u32le(a));
    case 0x4B: return machine_push_integer(m, PICKLE_INT, a[0]);
    case 0x4D: return machine_push_integer(m, PICKLE_INT, get_u16le(a));
    case 0x4A: return machine_push_integer(m, PICKLE_INT, (int32_t)get_u32le(a));
    case 0x8A: return push_long(m);
    case 0x47: return machine_push_type(m, PICKLE_FLOAT);
    case 0x4E: return machine_push_type(m, PICKLE_NONE);
    case 0x88: case 0x89: return machine_push_integer(m, PICKLE_BOOL, opcode == 0x88);
    case 0x63: return do_global(m);
    case 0x93: return do_stack_global(m);
    case 0x94: return do_put(m, m->n_memo);
    case 0x71: return do_put(m, a[0]);
    case 0x72: return do_put(m, get_u32le(a));
    case 0x68: return do_get(m, a[0]);
    case 0x6A: return do_get(m, get_u32le(a));
    case 0x28: return machine_push_type(m, PICKLE_MARK);
    case 0x29: return do_tuple(m, 0);
    case 0x85: case 0x86: case 0x87: return do_tuple(m, opcode - 0x84u);
    case 0x74: return do_tuple_to_mark(m);
    case 0x7D: return machine_push_type(m, PICKLE_DICT);
    case 0x75: return do_set_items(m);
    case 0x73: return do_set_item(m);
    case 0x5D: return machine_push_type(m, PICKLE_LIST);
    case 0x61: return do_append(m, false);
    case 0x65: return do_append(m, true);
    case 0x81: return do_new_object(m);
    case 0x52: return do_reduce(m);
    case 0x62: return do_build(m);
    default:
        return machine_refuse(m, "no operation of a k-means model; export cluster_centers_ with "
                                 "np.save");
    }
}

static bool run(struct machine *m)
{
    for (;;) {
        const unsigned char *opcode;
        m->opcode_at = m->at;
        if (!machine_take(m, 1, &opcode)) return false;
        if (*opcode == 0x2E) break;
        if (!step(m, *opcode)) return false;
    }
    if (!machine_pop(m, &m->pickle->top)) return false;
    return m->at == m->n_byte ||
           fail(m->failure, EXIT_INPUT, "%s: byte %zu: bytes follow the dump", m->path, m->at);
}

bool pickle_parse(struct pickle *pickle, const unsigned char *bytes, size_t n_byte,
                  const char *path, struct failure *failure)
{
    *pickle = (struct pickle){0};
    struct machine machine = {.pickle = pickle, .bytes = bytes, .n_byte = n_byte, .path = path,
                              .failure = failure};
    machine.stack = malloc(MOST_STACK * sizeof *machine.stack);
    machine.memo = calloc(MOST_MEMO, sizeof *machine.memo);
    pickle->node = calloc(256, sizeof *pickle->node);
    pickle->cell = calloc(256, sizeof *pickle->cell);
    pickle->node_capacity = pickle->cell_capacity = 256;
    pickle->n_node = pickle->n_cell = 1;
    bool ok = machine.stack && machine.memo && pickle->node && pickle->cell ? run(&machine)
                                                                            : fail_memory(failure);
    free(machine.stack);
    free(machine.memo);
    return ok;
}
