import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../../../server/config/project-root.ts';
import { replaceIn, StaleMutantError } from './bundle-tap.ts';
import { MUTANTS } from './mutants.ts';

test('a text is replaced where it stands once, and taken as it is', () => {
  expect(replaceIn('a = $1;', 'm.ts', [{ module: 'm.ts', from: '$1', to: "$&'" }])).toBe("a = $&';");
});

test('a text that is not there, or there twice, is no mutant', () => {
  const mutant = { module: 'm.ts', from: 'b', to: 'c' };
  expect(() => replaceIn('a', 'm.ts', [mutant])).toThrow(StaleMutantError);
  expect(() => replaceIn('b b', 'm.ts', [mutant])).toThrow('holds this text 2 times');
});

test.each(MUTANTS)('the mutant $name still fits the product', ({ replacements }) => {
  for (const module of new Set(replacements.map((one) => one.module))) {
    const text = readFileSync(path.join(projectRoot(), module), 'utf8');
    const mine = replacements.filter((one) => one.module === module);
    expect(replaceIn(text, module, mine)).not.toBe(text);
  }
});
