import { expect, it } from 'vitest';
import { followFrames } from './follow-frames.ts';
import { createFrameRing } from './frame-ring.ts';
import { framesInMemory } from './live.test-support.ts';

const frameOf = (number: bigint) => ({ number, frame: { kind: 'traces', keys: [], at: '' } }) as const;

it('a ring answers with exactly the frames after a number, or says that it cannot', () => {
  const limit = 5;
  const begin = 10n;
  const ring = createFrameRing(begin, limit);
  for (let pushed = begin; pushed < begin + 40n; pushed += 1n) {
    for (let asked = 0n; asked <= pushed; asked += 1n) {
      const wanted = Array.from({ length: Number(pushed - asked) }, (_, index) => asked + BigInt(index) + 1n);
      const answer = ring.after(asked)?.map((frame) => frame.number) ?? null;
      if (answer !== null) expect(answer).toEqual(wanted);
      // What it must still hold: the newest, up to its limit.
      if (asked >= begin && pushed - asked <= limit) expect(answer).not.toBeNull();
      if (asked < begin || pushed - asked >= limit * 2) expect(answer).toBeNull();
    }
    expect(ring.after(pushed + 1n)).toBeNull();
    expect(ring.newest()).toBe(pushed);
    ring.push(frameOf(pushed + 1n));
  }
});

it('one look reads everything that is there, however many batches it takes', async () => {
  const frames = framesInMemory();
  const seen: bigint[] = [];
  const calls: string[] = [];
  const follower = followFrames({
    frames: frames.reader,
    keep: 10,
    onBegin: () => calls.push('begin'),
    onFrame: (frame) => seen.push(frame.number),
    onGap: () => calls.push('gap'),
  });
  await follower.readOn();
  frames.append(1234);
  await Promise.all([follower.readOn(), follower.readOn(), follower.readOn()]);
  expect(seen).toEqual(Array.from({ length: 1234 }, (_, index) => BigInt(index + 1)));
  expect(calls).toEqual(['begin']);
});
