import fc from 'fast-check';
import { expect, test } from 'vitest';
import { safeJson, terminalText } from './terminal-text.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
const ACTS = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/u;
const HOSTILE = fc.string({ unit: 'binary' });

test('nothing that a terminal acts on is left, and JSON stays what it was', () => {
  fc.assert(
    fc.property(HOSTILE, (text) => {
      expect(terminalText(text)).not.toMatch(ACTS);
      const json = safeJson({ [text]: [text] });
      expect(json.replaceAll('\n', '')).not.toMatch(ACTS);
      expect(JSON.parse(json)).toEqual({ [text]: [text] });
    }),
  );
});

test('control characters are shown as their numbers, and ordinary texts as they are', () => {
  expect(terminalText('\u001b[31mred\r\n\u0007\u009b1m\u202egnp.exe')).toBe(
    '\\u{1b}[31mred\\u{d}\\u{a}\\u{7}\\u{9b}1m\\u{202e}gnp.exe',
  );
  expect(terminalText('Größe “5 €” 日本 64–128')).toBe('Größe “5 €” 日本 64–128');
});

test('what CI runners take for a command is none any more', () => {
  expect(terminalText('##[error]x ##vso[task.setvariable]y ## heading')).toBe(
    '\\u{23}#[error]x \\u{23}#vso[task.setvariable]y ## heading',
  );
  expect(JSON.parse(safeJson('##[group]'))).toBe('##[group]');
  expect(safeJson('##[group]')).not.toContain('##[');
});
