import type { JsonNode } from './json-tree.ts';

/** One line of a drawn JSON tree. */
export interface TreeLine {
  /** Position in the tree by ordinals, so that repeated keys differ. */
  readonly path: string;
  readonly name: string | null;
  readonly depth: number;
  readonly node: JsonNode;
  /** True where the line opens and closes: filled objects and arrays, long strings. */
  readonly folds: boolean;
  readonly open: boolean;
}

/** Levels open at first, and the length from which a string is folded. */
const OPEN_LEVELS = 2;
const LONG_STRING = 200;

/** The lines to draw; `toggled` holds the paths that differ from their first state. */
export function treeLines(root: JsonNode, toggled: ReadonlySet<string>): TreeLine[] {
  const lines: TreeLine[] = [];
  if (root.kind === 'object' || root.kind === 'array')
    for (const [i, child] of childrenOf(root).entries()) add(child.name, child.node, `${i}`, 0);
  else add(null, root, '', 0);
  return lines;

  function add(name: string | null, node: JsonNode, path: string, depth: number): void {
    const children = childrenOf(node);
    const long = node.kind === 'string' && node.text.length > LONG_STRING;
    const folds = children.length > 0 || long;
    const open = folds && toggled.has(path) !== (!long && depth < OPEN_LEVELS);
    lines.push({ path, name, depth, node, folds, open });
    if (open) for (const [i, child] of children.entries()) add(child.name, child.node, `${path}.${i}`, depth + 1);
  }
}

function childrenOf(node: JsonNode): { name: string; node: JsonNode }[] {
  if (node.kind === 'object') return node.entries.map((entry) => ({ name: entry.key, node: entry.value }));
  return node.kind === 'array' ? node.items.map((item, i) => ({ name: String(i), node: item })) : [];
}
