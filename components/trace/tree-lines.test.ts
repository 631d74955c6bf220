import { expect, test } from 'vitest';
import { parseJsonTree } from './json-tree.ts';
import { treeLines } from './tree-lines.ts';

function linesOf(text: string, ...toggled: string[]) {
  const tree = parseJsonTree(text);
  if (tree.kind !== 'tree') throw new Error(tree.reason);
  return treeLines(tree.root, new Set(toggled)).map(
    (line) => `${' '.repeat(line.depth)}${line.name}${line.folds ? (line.open ? ' open' : ' closed') : ''}`,
  );
}

test('two levels are open at first, and a toggle turns one line around', () => {
  const text = '{"a":{"b":{"c":1}},"d":2}';
  expect(linesOf(text)).toEqual(['a open', ' b open', '  c', 'd']);
  expect(linesOf(text, '0')).toEqual(['a closed', 'd']);
});

test('repeated keys are separate lines, long strings fold', () => {
  expect(linesOf('{"a":{"x":1},"a":{"x":2}}', '1')).toEqual(['a open', ' x', 'a closed']);
  expect(linesOf(JSON.stringify({ s: 'y'.repeat(300) }))).toEqual(['s closed']);
});

test('a bare value is one line', () => {
  expect(linesOf('12')).toEqual(['null']);
});
