import type { NumberedFrame } from '../model/frame.ts';
import type { Pulse } from '../model/wire.ts';
import type { FrameReader, StoredFrame } from '../ports/frame-store.ts';
import { stalePulse } from './stale-pulse.ts';

/** A pulse of a tap that is connected. */
export function pulseAt(asOf: string): Pulse {
  const blank = stalePulse(null, 0);
  return { ...blank, as_of: asOf, tap: { ...blank.tap, connected: true, message: null } };
}

/** Numbered frames in memory, kept as the store keeps them, that can go away and come back. */
export function framesInMemory() {
  let frames: StoredFrame[] = [];
  let notices: (() => void)[] = [];
  let away = false;
  let newest = 0n;
  const answers = () => {
    if (away) throw Object.assign(new Error('away'), { code: 'ECONNREFUSED' });
  };
  const reader: FrameReader = {
    async after(number, limit) {
      answers();
      const oldest = frames[0]?.number ?? newest + 1n;
      if (number < oldest - 1n || number > newest) return null;
      return frames.filter((frame) => frame.number > number).slice(0, limit);
    },
    async newest() {
      answers();
      return newest;
    },
    async listen(onNotice) {
      answers();
      notices.push(onNotice);
      return {
        async close() {
          notices = notices.filter((one) => one !== onNotice);
        },
      };
    },
  };
  return {
    reader,
    /** Appends frames without telling anyone. */
    append(count: number) {
      for (let index = 0; index < count; index++) {
        newest += 1n;
        const frame: NumberedFrame = { kind: 'traces', keys: [String(newest)], at: 'now' };
        frames.push({ number: newest, frame });
      }
    },
    notify: () => {
      for (const notice of notices) notice();
    },
    listeners: () => notices.length,
    setAway(value: boolean) {
      away = value;
    },
    /** Lets go of all but the newest. */
    keep(count: number) {
      frames = frames.slice(-count);
    },
    /** A new database: numbers begin again. */
    beginAgain() {
      frames = [];
      newest = 0n;
    },
  };
}
