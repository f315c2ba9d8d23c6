/* SPDX-License-Identifier: MIT */
#ifndef VOQ_TOOLS_STANDARD_STREAMS_H
#define VOQ_TOOLS_STANDARD_STREAMS_H

/* Call first in every program. The next open would reuse the descriptor of a closed standard
   stream, and that file would receive stray output. Afterwards reading or writing such a stream
   fails. */
void standard_streams_hold(void);

/* Turns signals into errors: a pipe whose reader closed it is EPIPE, which ends quietly; a file
   that grows past the limit of the process is EFBIG, which is reported. */
void write_signals_ignore(void);

#endif
