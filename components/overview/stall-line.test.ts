import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stallLine } from './stall-line.ts';

test('with room the square stands where the eye looks, and both names are whole', () => {
  const line = stallLine('PATTERN_APPLIED', 'workflow-started', 800);
  expect([line.squareX, line.stepLabel, line.missingLabel]).toEqual([336, 'PATTERN_APPLIED', 'workflow-started']);
});

test('on a narrow screen the missing name goes before the other', () => {
  const line = stallLine('METADATA_STAMP_CREATED', 'CODE_ASSESSMENT_COMPLETED', 300);
  expect(line.missingLabel).toBe('CODE_ASSESSMENT_COMPLETED');
  expect(line.stepLabel).toMatch(/…$/);
});

test('on any line wall, wait, square and dots stand in order, and labels keep apart', () => {
  fc.assert(
    fc.property(fc.nat(120), fc.nat(120), fc.integer({ min: 160, max: 2000 }), (a, b, width) => {
      const line = stallLine('x'.repeat(a), 'y'.repeat(b), width);
      expect(line.stationX).toBeLessThan(line.wallX);
      expect(line.waitPx).toBeGreaterThan(40);
      expect(line.waitX + line.waitPx).toBeLessThan(line.squareX);
      expect(line.squareX).toBeLessThanOrEqual(line.endX);
      expect(line.stepLabel.length * 6.7).toBeLessThanOrEqual(line.missingX);
      expect(line.missingX + line.missingLabel.length * 6.7).toBeLessThanOrEqual(line.endX + 0.001);
    }),
  );
});
