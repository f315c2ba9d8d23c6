/* SPDX-License-Identifier: MIT */
#include "tools/formats/pickle_machine.h"

#include <stdlib.h>
#include <string.h>

static struct pickle_array *new_array(struct machine *m)
{
    struct pickle_array *array = calloc(1, sizeof *array);
    if (!array) fail_memory(m->failure);
    return array;
}

bool machine_make_dtype(struct machine *m, const struct pickle_node *arguments)
{
    const struct pickle_node *code = pickle_item(m->pickle, arguments, 0);
    if (code->type != PICKLE_TEXT || code->length != 2 || !strchr("fiub", code->text[0]) ||
        !strchr("1248", code->text[1]))
        return machine_refuse(m, "an array of this type (objects?) cannot be read; export "
                         "cluster_centers_ with np.save");
    struct pickle_array *array = new_array(m);
    if (!array) return false;
    array->kind = code->text[0];
    array->size = (unsigned)(code->text[1] - '0');
    const struct pickle_node dtype = {.type = PICKLE_DTYPE, .array = array};
    if (machine_push_new(m, &dtype)) return true;
    free(array);
    return false;
}

static bool read_shape(struct machine *m, const struct pickle_node *tuple,
                       struct pickle_array *array, uint64_t *n_byte)
{
    if (tuple->type != PICKLE_TUPLE || tuple->n > PICKLE_MOST_DIMS)
        return machine_refuse(m, "an array without shape");
    array->n_dim = tuple->n;
    *n_byte = array->size;
    for (uint32_t i = 0; i < tuple->n; i++) {
        const struct pickle_node *size = pickle_item(m->pickle, tuple, i);
        if (size->type != PICKLE_INT || size->integer < 0)
            return machine_refuse(m, "the shape of the array cannot be read");
        array->shape[i] = (uint64_t)size->integer;
        if (array->shape[i] > 0 && *n_byte > m->n_byte / array->shape[i])
            return machine_refuse(m, "an array larger than the file");
        *n_byte *= array->shape[i];
    }
    return true;
}

/* From 1.2 on joblib pads so that the data begins at a multiple of 16. */
static bool skip_padding(struct machine *m, const struct pickle_node *alignment)
{
    const unsigned char *length, *padding;
    if (alignment->type == PICKLE_NOTHING) return true;
    if (alignment->type != PICKLE_INT || alignment->integer != 16)
        return machine_refuse(m, "the array is not aligned to 16 bytes");
    if (!machine_take(m, 1, &length)) return false;
    if (*length < 1 || *length > 16) return machine_refuse(m, "an array's padding is damaged");
    if (!machine_take(m, *length, &padding)) return false;
    for (size_t i = 0; i < *length; i++)
        if (padding[i] != 0xFF) return machine_refuse(m, "an array's padding is damaged");
    return m->at % 16 == 0 || machine_refuse(m, "an array's padding is damaged");
}

bool machine_build_array(struct machine *m, uint32_t target, const struct pickle_node *state)
{
    const struct pickle *p = m->pickle;
    const struct pickle_node *dtype = pickle_get(p, state, "dtype");
    const struct pickle_node *order = pickle_get(p, state, "order");
    const struct pickle_node *subclass = pickle_get(p, state, "subclass");
    if (dtype->type != PICKLE_DTYPE) return machine_refuse(m, "an array without type");
    if (subclass->type != PICKLE_CLASS || subclass->class != PICKLE_CLASS_NDARRAY)
        return machine_refuse(m, "the array is not a numpy.ndarray");
    if (!pickle_text_is(order, "C") && !pickle_text_is(order, "F"))
        return machine_refuse(m, "an array without order");
    struct pickle_array *array = new_array(m);
    if (!array) return false;
    machine_node(m, target)->type = PICKLE_ARRAY;
    machine_node(m, target)->array = array;
    *array = *dtype->array;
    array->fortran = pickle_text_is(order, "F");
    uint64_t n_byte = 0;
    const unsigned char *data;
    if (!read_shape(m, pickle_get(p, state, "shape"), array, &n_byte) ||
        !skip_padding(m, pickle_get(p, state, "numpy_array_alignment_bytes")))
        return false;
    array->offset = m->at;
    return machine_take(m, (size_t)n_byte, &data);
}

bool machine_build_dtype(struct machine *m, struct pickle_node *dtype,
                        const struct pickle_node *state)
{
    const struct pickle_node *order = pickle_item(m->pickle, state, 1);
    if (state->type != PICKLE_TUPLE || order->type != PICKLE_TEXT || order->length != 1 ||
        !strchr("<>|=", order->text[0]))
        return machine_refuse(m, "an array's byte order is missing");
    dtype->array->big_endian = order->text[0] == '>';
    return true;
}
