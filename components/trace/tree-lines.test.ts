import { expect, test } from 'vitest';
import { parseJsonTree } from './json-tree.ts';
import { notesOf, type PayloadMark } from './payload-marks.ts';
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

function notedLines(value: unknown, ...marks: PayloadMark[]) {
  const tree = parseJsonTree(JSON.stringify(value));
  if (tree.kind !== 'tree') throw new Error(tree.reason);
  return treeLines(tree.root, new Set(), notesOf(marks)).map(({ name, node, note }) =>
    [name, node === null ? 'missing' : node.kind, note?.kind, note?.words].filter(Boolean).join(' '),
  );
}
const mark = (pointer: string, words: string, nearMiss: string | null = null) => ({ pointer, words, nearMiss });

test('a field that is not there has a line with what is said of it, and its near miss is named', () => {
  expect(notedLines({ p: { code: 'x' } }, mark('/p/code_content', 'is required', 'code'))).toEqual([
    'p object',
    'code string near probably meant as code_content',
    'code_content missing wrong is required',
  ]);
});

test('what holds a note is open, however deep it lies', () => {
  expect(notedLines({ a: { b: { c: { d: [1, 2] } } } }, mark('/a/b/c/d/1', 'must be ≤ 1'))).toEqual([
    'a object',
    'b object',
    'c object',
    'd array',
    '0 number',
    '1 number wrong must be ≤ 1',
  ]);
});

test('keys are compared by their characters, whatever stands in them', () => {
  expect(notedLines({ 'a/b~"': 1 }, mark('/a~1b~0"', 'is wrong'), mark('/a~1b~0"', 'twice'))).toEqual([
    'a/b~\\" number wrong is wrong; twice',
  ]);
  expect(notedLines({ a: {} }, mark('/a/__proto__', 'is required'))).toEqual([
    'a object',
    '__proto__ missing wrong is required',
  ]);
});

test('the root may be wrong itself, and a place that does not exist shows nothing', () => {
  expect(notedLines(12, mark('', 'must be an object'))).toEqual(['number wrong must be an object']);
  expect(notedLines({ a: 1 }, mark('/b/c/d', 'is wrong'))).toEqual(['a number']);
});
