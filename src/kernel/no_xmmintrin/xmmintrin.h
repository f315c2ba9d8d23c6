/* SPDX-License-Identifier: MIT */
/* Empty: KissFFT's vector mode includes a header of this name, which only x86 has. Vectors come
   from lanes.h. */
