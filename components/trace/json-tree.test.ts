import { expect, test } from 'vitest';
import { parseJsonTree, TREE_DEPTH } from './json-tree.ts';

test('numbers stay as they were written', () => {
  const text = '{"id": 9007199254740993, "e": 1E400, "f": 1.10, "n": -0}';
  expect(parseJsonTree(text)).toEqual({
    kind: 'tree',
    root: {
      kind: 'object',
      entries: [
        { key: 'id', value: { kind: 'number', text: '9007199254740993' } },
        { key: 'e', value: { kind: 'number', text: '1E400' } },
        { key: 'f', value: { kind: 'number', text: '1.10' } },
        { key: 'n', value: { kind: 'number', text: '-0' } },
      ],
    },
  });
});

test('a repeated key and the key __proto__ are both kept', () => {
  const tree = parseJsonTree('{"a":1,"a":2,"__proto__":{"x":[]}}');
  if (tree.kind !== 'tree' || tree.root.kind !== 'object') throw new Error('no object');
  expect(tree.root.entries.map((entry) => entry.key)).toEqual(['a', 'a', '__proto__']);
});

test('escapes stay as they were written', () => {
  const text = 'a\\u0000\\n\\"';
  expect(parseJsonTree(` "${text}" `)).toEqual({ kind: 'tree', root: { kind: 'string', text } });
});

test('what is not JSON says where', () => {
  expect(parseJsonTree('{"a": tru')).toEqual({ kind: 'unreadable', reason: 'not JSON at character 7' });
  expect(parseJsonTree('{"a": 1')).toEqual({ kind: 'unreadable', reason: 'the text ends early' });
  expect(parseJsonTree('1 2')).toMatchObject({ kind: 'unreadable' });
  expect(parseJsonTree('01')).toMatchObject({ kind: 'unreadable' });
});

test('nesting without end is refused, not followed', () => {
  expect(parseJsonTree('['.repeat(100_000))).toEqual({
    kind: 'unreadable',
    reason: `nested deeper than ${TREE_DEPTH}`,
  });
});
