import type { Frame } from '@/server/model/frame.ts';
import type { Pulse } from '@/server/model/wire.ts';

/** Most trace keys remembered between two looks of a page; past it every trace counts as changed. */
export const CHANGED_KEYS_LIMIT = 2_000;

/** Silence after which the stream counts as broken: the server sends a pulse every two seconds. */
export const SILENT_MS = 10_000;

/** What the browser knows from the live stream. */
export interface StreamState {
  readonly pulse: Pulse | null;
  /** When the last frame came, by the browser's clock; null before the first. */
  readonly heardAtMs: number | null;
  readonly stale: boolean;
  /** Grows with every change a page should fetch for; stands still while paused. */
  readonly revision: number;
  /** Keys that changed up to `revision`, newest revision last; `'all'` after a reset or past the limit. */
  readonly changed: ReadonlyMap<string, number>;
  /** Every trace counts as changed at this revision. */
  readonly allChangedAt: number;
  readonly paused: {
    readonly atMs: number;
    readonly newer: number;
    readonly keys: readonly string[];
    readonly all: boolean;
  } | null;
}

export type StreamAction =
  | { readonly kind: 'frame'; readonly frame: Frame; readonly atMs: number }
  /** Connected, at first or again: what changed before cannot be known. */
  | { readonly kind: 'open'; readonly atMs: number }
  | { readonly kind: 'lost' }
  | { readonly kind: 'tick'; readonly atMs: number }
  | { readonly kind: 'pause'; readonly atMs: number }
  | { readonly kind: 'resume' };

export function initialStream(pulse: Pulse | null): StreamState {
  return { pulse, heardAtMs: null, stale: false, revision: 0, changed: new Map(), allChangedAt: 0, paused: null };
}

/** The state after one action. While paused, changes are gathered and the pulse goes on. */
export function reduceStream(state: StreamState, action: StreamAction): StreamState {
  switch (action.kind) {
    case 'frame':
      return reduceFrame({ ...state, heardAtMs: action.atMs, stale: false }, action.frame);
    case 'open':
      return changed({ ...state, heardAtMs: action.atMs, stale: false }, [], true);
    case 'lost':
      return { ...state, stale: true };
    case 'tick':
      return state.heardAtMs !== null && !state.stale && action.atMs - state.heardAtMs > SILENT_MS
        ? { ...state, stale: true }
        : state;
    case 'pause':
      return state.paused !== null
        ? state
        : { ...state, paused: { atMs: action.atMs, newer: 0, keys: [], all: false } };
    case 'resume':
      return state.paused === null ? state : resume(state, state.paused);
  }
}

/** Whether a page showing `key` has something new since `revision`. */
export function changedSince(state: StreamState, key: string, revision: number): boolean {
  return state.allChangedAt > revision || (state.changed.get(key) ?? 0) > revision;
}

function reduceFrame(state: StreamState, frame: Frame): StreamState {
  switch (frame.kind) {
    case 'pulse':
      return { ...state, pulse: frame.pulse };
    case 'tap':
      return state.pulse === null
        ? state
        : {
            ...state,
            pulse: {
              ...state.pulse,
              tap: { ...state.pulse.tap, connected: frame.connected, message: frame.message, since: frame.at },
            },
          };
    case 'reset':
      return changed(state, [], true);
    case 'traces':
      return changed(state, frame.keys, false);
  }
}

function changed(state: StreamState, keys: readonly string[], all: boolean): StreamState {
  const { paused } = state;
  if (paused !== null) {
    const held = all || paused.keys.length + keys.length > CHANGED_KEYS_LIMIT ? [] : [...paused.keys, ...keys];
    const everything = paused.all || all || paused.keys.length + keys.length > CHANGED_KEYS_LIMIT;
    return { ...state, paused: { ...paused, newer: paused.newer + keys.length, keys: held, all: everything } };
  }
  const revision = state.revision + 1;
  if (all || state.changed.size + keys.length > CHANGED_KEYS_LIMIT)
    return { ...state, revision, changed: new Map(), allChangedAt: revision };
  const map = new Map(state.changed);
  for (const key of keys) map.set(key, revision);
  return { ...state, revision, changed: map };
}

function resume(state: StreamState, paused: NonNullable<StreamState['paused']>): StreamState {
  const running = { ...state, paused: null };
  return paused.newer > 0 || paused.all ? changed(running, paused.keys, paused.all) : running;
}
