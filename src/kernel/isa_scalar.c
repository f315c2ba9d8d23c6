/* SPDX-License-Identifier: MIT */
#define ISA scalar
#define ENCODER scalar
#define ALONE scalar
#define LANES 1
#include "src/kernel/isa_tmpl.h"
