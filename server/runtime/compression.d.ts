/** What we use of it: its published types need those of a web framework that we do not have. */
declare module 'compression' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  interface Options {
    /** Of zlib, 1 to 9. */
    readonly level?: number;
    /** Smaller answers, in bytes, stay as they are. */
    readonly threshold?: number;
  }

  /** Makes a function that replaces the response's ways to write by such that compress; it calls `next` before it returns. */
  function compression(
    options: Options,
  ): (request: IncomingMessage, response: ServerResponse, next: () => void) => void;
  export = compression;
}
