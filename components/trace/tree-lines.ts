import { pointerStep } from '@/server/model/json-pointer.ts';
import type { JsonNode } from './json-tree.ts';
import { type LineNote, NO_NOTES, type PayloadNotes } from './payload-marks.ts';

/** One line of a drawn JSON tree. */
export interface TreeLine {
  /** Position in the tree by ordinals, so that repeated keys differ. */
  readonly path: string;
  readonly name: string | null;
  readonly depth: number;
  /** Null for a field that is not there and has a note. */
  readonly node: JsonNode | null;
  /** True where the line opens and closes: filled objects and arrays, long strings. */
  readonly folds: boolean;
  readonly open: boolean;
  readonly note: LineNote | null;
}

/** Levels open at first, and the length from which a string is folded. */
const OPEN_LEVELS = 2;
const LONG_STRING = 200;

/**
 * The lines to draw; `toggled` holds the paths that differ from their first state. What holds a note is open at first, and
 * a field that a note misses has a line of its own.
 */
export function treeLines(
  root: JsonNode,
  toggled: ReadonlySet<string>,
  { at, above, within }: PayloadNotes = NO_NOTES,
): TreeLine[] {
  const lines: TreeLine[] = [];
  if (root.kind === 'object' || root.kind === 'array') addChildren(root, '', '', 0);
  else add(null, root, '', '', 0);
  return lines;

  function addChildren(node: JsonNode, prefix: string, pointer: string, depth: number): void {
    const children = childrenOf(node);
    for (const [i, child] of children.entries()) {
      add(child.name, child.node, `${prefix}${i}`, pointer + pointerStep(plain(child.name)), depth);
    }
    const noted = within.get(pointer);
    if (node.kind !== 'object' || noted === undefined) return;
    const there = new Set(children.map(({ name }) => plain(name)));
    for (const name of noted) {
      if (there.has(name)) continue;
      const note = at.get(pointer + pointerStep(name)) ?? null;
      lines.push({ path: `${prefix}${name}?`, name, depth, node: null, folds: false, open: false, note });
    }
  }

  function add(name: string | null, node: JsonNode, path: string, pointer: string, depth: number): void {
    const long = node.kind === 'string' && node.text.length > LONG_STRING;
    const folds = long || childrenOf(node).length > 0 || within.has(pointer);
    const first = !long && (depth < OPEN_LEVELS || above.has(pointer));
    const open = folds && toggled.has(path) !== first;
    lines.push({ path, name, depth, node, folds, open, note: at.get(pointer) ?? null });
    if (open) addChildren(node, `${path}.`, pointer, depth + 1);
  }
}

function childrenOf(node: JsonNode): { name: string; node: JsonNode }[] {
  if (node.kind === 'object') return node.entries.map((entry) => ({ name: entry.key, node: entry.value }));
  return node.kind === 'array' ? node.items.map((item, i) => ({ name: String(i), node: item })) : [];
}

/** A key as its characters: the tree keeps it as it was written, with escapes. */
function plain(key: string): string {
  return key.includes('\\') ? JSON.parse(`"${key}"`) : key;
}
