/**
 * Purpose. Frames over a pipe of bytes, the same on every carrier: a u16 length, then the frame.
 * Promises. Whole frames in order; a stranger can fill a bounded buffer and no more; the end is told exactly once; a reader that stands still stops its sender.
 * Does not. Know sockets or encryption.
 * May import. errors, ../../carrier.ts.
 */
export { FramedStream, type BytePipe } from './framed-stream.ts'
export { CreditPipe } from './credit-pipe.ts'
