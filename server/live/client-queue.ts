import type { Frame, PulseFrame } from '../model/frame.ts';

/** A frame on its way to one client. `number` becomes the stream's id: a client that returns resumes after it. */
export interface LiveItem {
  readonly number: bigint | null;
  readonly frame: Frame;
}

/** What waits for one client. Bounded: a client that does not keep up is told to fetch anew. */
export interface ClientQueue {
  push(item: LiveItem): void;
  /** Only the newest pulse waits; it replaces the one before. */
  pulse(item: LiveItem & { readonly frame: PulseFrame }): void;
  /** Replaces everything that waits: the client fetches anew and goes on after `number`. */
  reset(number: bigint | null): void;
  /** Everything that waits, as soon as something does; empty after `timeoutMs`; null once closed. */
  take(timeoutMs: number): Promise<readonly LiveItem[] | null>;
  close(): void;
}

/**
 * A queue of at most `limit` frames. When one more comes, all that wait are replaced by a `reset`, and `onOverflow` counts
 * it.
 */
export function createClientQueue(limit: number, onOverflow: () => void): ClientQueue {
  let items: LiveItem[] = [];
  let pulse: LiveItem | null = null;
  let closed = false;
  let wake: (() => void) | null = null;

  const drain = (): readonly LiveItem[] => {
    // Frames that came after the pulse give the stream its id.
    const last = pulse === null ? [] : [items.length === 0 ? pulse : { ...pulse, number: null }];
    const all = [...items, ...last];
    items = [];
    pulse = null;
    return all;
  };
  const replaceByReset = (number: bigint | null): void => {
    items = [{ number, frame: { kind: 'reset' } }];
  };

  return {
    push(item) {
      if (items.length < limit) items.push(item);
      else {
        replaceByReset(item.number);
        onOverflow();
      }
      wake?.();
    },
    pulse(item) {
      pulse = item;
      wake?.();
    },
    reset(number) {
      replaceByReset(number);
      wake?.();
    },
    async take(timeoutMs) {
      if (!closed && items.length === 0 && pulse === null) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, timeoutMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        wake = null;
      }
      return closed ? null : drain();
    },
    close() {
      closed = true;
      wake?.();
    },
  };
}
