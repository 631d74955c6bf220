import type { StopSignal } from './child-record.ts';

/** A process to keep running, as data. */
export interface ChildSpec {
  /** Names it in messages and its log file, e.g. `tap`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** All of its environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  /** A Node process of ours: it gets a channel, and ends by itself when it closes (`endWithParent`). */
  readonly ours?: boolean;
  readonly stopSignal: StopSignal;
  /** Neighbours in start order with the same group are stopped together. */
  readonly group?: string;
  /** How long it may take to end after the stop signal, before SIGKILL. */
  readonly graceMs: number;
  /** Resolves once it can be used; rejects with the signal's reason. Without it, running is ready. */
  readonly ready?: (signal: AbortSignal, pid: number) => Promise<void>;
  /** How long it may take to become ready; then it is killed and started again. */
  readonly readyWithinMs: number;
  /** Runs before every start, e.g. to end what a killed predecessor left. */
  readonly beforeStart?: () => Promise<void>;
  /** Lines of its output that are shown to the operator. */
  readonly show?: RegExp;
}
