/* SPDX-License-Identifier: MIT */
/* What a parsed pickle holds. */
#include "tools/formats/pickle.h"

#include <stdlib.h>
#include <string.h>

void pickle_free(struct pickle *pickle)
{
    for (size_t i = 0; pickle->node && i < pickle->n_node; i++) free(pickle->node[i].array);
    free(pickle->node);
    free(pickle->cell);
    *pickle = (struct pickle){0};
}

const struct pickle_node *pickle_get(const struct pickle *pickle, const struct pickle_node *dict,
                                     const char *key)
{
    const struct pickle_node *found = &pickle->node[0];
    if (dict->type != PICKLE_DICT) return found;
    for (uint32_t i = dict->first; i; i = pickle->cell[i].next)
        if (pickle_text_is(&pickle->node[pickle->cell[i].key], key))
            found = &pickle->node[pickle->cell[i].value];
    return found;
}

const struct pickle_node *pickle_item(const struct pickle *pickle, const struct pickle_node *tuple,
                                      uint32_t i)
{
    uint32_t cell = tuple->type == PICKLE_TUPLE ? tuple->first : 0;
    while (cell && i-- > 0) cell = pickle->cell[cell].next;
    return &pickle->node[cell ? pickle->cell[cell].value : 0];
}

bool pickle_text_is(const struct pickle_node *node, const char *text)
{
    return node->type == PICKLE_TEXT && node->length == strlen(text) &&
           memcmp(node->text, text, node->length) == 0;
}
