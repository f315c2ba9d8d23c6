/* SPDX-License-Identifier: MIT */
#include "tools/formats/pickle_machine.h"

#include "tools/base/growing.h"

bool machine_take(struct machine *m, size_t n, const unsigned char **bytes)
{
    if (n > m->n_byte - m->at)
        return fail(m->failure, EXIT_INPUT, "%s: byte %zu: the file ends here; is it cut off?",
                    m->path, m->n_byte);
    *bytes = m->bytes + m->at;
    m->at += n;
    return true;
}

struct pickle_node *machine_node(const struct machine *m, uint32_t i)
{
    return &m->pickle->node[i];
}

bool machine_push(struct machine *m, uint32_t node)
{
    if (m->n_stack == MOST_STACK) return machine_refuse(m, "too deep for a k-means model");
    m->stack[m->n_stack++] = node;
    return true;
}

bool machine_push_new(struct machine *m, const struct pickle_node *node)
{
    struct pickle *p = m->pickle;
    if (p->n_node == MOST_NODES) return machine_refuse(m, "too long for a k-means model");
    if (!grow(&p->node, &p->node_capacity, p->n_node + 1, sizeof *p->node, m->failure))
        return false;
    p->node[p->n_node] = *node;
    return machine_push(m, (uint32_t)p->n_node++);
}

bool machine_push_type(struct machine *m, enum pickle_type type)
{
    return machine_push_new(m, &(struct pickle_node){.type = type});
}

bool machine_push_integer(struct machine *m, enum pickle_type type, int64_t integer)
{
    return machine_push_new(m, &(struct pickle_node){.type = type, .integer = integer});
}

bool machine_pop(struct machine *m, uint32_t *node)
{
    if (m->n_stack == 0 || machine_node(m, m->stack[m->n_stack - 1])->type == PICKLE_MARK)
        return machine_refuse(m, "the stack is empty");
    *node = m->stack[--m->n_stack];
    return true;
}

bool machine_peek(struct machine *m, uint32_t *node)
{
    if (!machine_pop(m, node)) return false;
    m->n_stack++;
    return true;
}

bool machine_find_mark(struct machine *m, size_t *first)
{
    size_t i = m->n_stack;
    while (i > 0 && machine_node(m, m->stack[i - 1])->type != PICKLE_MARK) i--;
    *first = i;
    return i > 0 || machine_refuse(m, "there is no mark");
}

bool machine_append(struct machine *m, uint32_t to, uint32_t key, uint32_t value)
{
    struct pickle *p = m->pickle;
    if (p->n_cell == MOST_CELLS) return machine_refuse(m, "too long for a k-means model");
    if (!grow(&p->cell, &p->cell_capacity, p->n_cell + 1, sizeof *p->cell, m->failure))
        return false;
    uint32_t cell = (uint32_t)p->n_cell++;
    p->cell[cell] = (struct pickle_cell){.key = key, .value = value};
    struct pickle_node *node = machine_node(m, to);
    if (node->last)
        p->cell[node->last].next = cell;
    else
        node->first = cell;
    node->last = cell;
    node->n++;
    return true;
}
