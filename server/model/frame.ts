/**
 * The frames of the live stream, one union for both ends. Plain types: no schema library reaches the browser, and the
 * server is the only writer. Frames of kind `traces` and `tap` are numbered by one writer and kept, so a client resumes
 * by `Last-Event-ID`; `pulse` and `reset` are made per connection and carry no number.
 */
import type { Pulse } from './wire.ts';

/** Traces that changed in one settle: new, grown, or re-opened by a late event. */
export interface TracesFrame {
  readonly kind: 'traces';
  /** Trace keys, 32 hex digits, at most 500 a frame. */
  readonly keys: readonly string[];
  readonly at: string;
}

/** A tap connected, lost its broker, started or stopped. */
export interface TapFrame {
  readonly kind: 'tap';
  readonly connected: boolean;
  readonly message: string | null;
  readonly at: string;
}

/** The status of the moment, every two seconds. */
export interface PulseFrame {
  readonly kind: 'pulse';
  readonly pulse: Pulse;
}

/** The frames after the client's `Last-Event-ID` are gone: fetch anew. */
export interface ResetFrame {
  readonly kind: 'reset';
}

/** What the writer numbers and stores. */
export type NumberedFrame = TracesFrame | TapFrame;

export type Frame = NumberedFrame | PulseFrame | ResetFrame;
