'use client';

import { useEffect, useMemo, useRef, useState } from 'react';
import { formatCounted } from '@/components/ui/format-number.ts';
import { safeText } from '@/components/ui/safe-text.ts';
import { type JsonNode, parseJsonTree } from './json-tree.ts';
import { notesOf, type PayloadMark } from './payload-marks.ts';
import { type TreeLine, treeLines } from './tree-lines.ts';

const MORE_LINES = 500;

const NO_MARKS: readonly PayloadMark[] = [];

/** JSON as a tree, every number and repeated key as it was written; `marks` say what is wrong at their places. */
export function PayloadTree({ text, marks = NO_MARKS }: { text: string; marks?: readonly PayloadMark[] }) {
  const tree = useMemo(() => parseJsonTree(text), [text]);
  const notes = useMemo(() => notesOf(marks), [marks]);
  const top = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (marks.length > 0) showFirstWrong(top.current);
  }, [marks]);
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const [limit, setLimit] = useState(MORE_LINES);
  if (tree.kind === 'unreadable')
    return (
      <>
        <p className="note px-5">Not drawn as a tree: {tree.reason}.</p>
        <pre className="ln whitespace-pre-wrap break-all pl-5 text-ink-1">{text}</pre>
      </>
    );
  const lines = treeLines(tree.root, toggled, notes);
  const toggle = (path: string) => {
    const next = new Set(toggled);
    if (!next.delete(path)) next.add(path);
    setToggled(next);
  };
  return (
    <>
      <span ref={top} hidden />
      {lines.slice(0, limit).map((line) => (
        <Line key={line.path} line={line} onToggle={() => toggle(line.path)} />
      ))}
      {lines.length > limit ? (
        <button type="button" className="ln u pl-5" onClick={() => setLimit(limit + MORE_LINES)}>
          {formatCounted(lines.length - limit, 'more line')}
        </button>
      ) : null}
    </>
  );
}

/** Scrolls the tree, and nothing around it, to what is wrong. */
function showFirstWrong(top: HTMLElement | null): void {
  const tree = top?.closest('.tree');
  const wrong = tree?.querySelector('.ln-wrong');
  if (tree == null || wrong == null || tree.scrollHeight <= tree.clientHeight) return;
  const { top: at, height } = wrong.getBoundingClientRect();
  const { top: begin, height: room } = tree.getBoundingClientRect();
  if (at < begin || at + height > begin + room) tree.scrollTop += at - begin - (room - height) / 2;
}

function Line({ line, onToggle }: { line: TreeLine; onToggle: () => void }) {
  const { node, note } = line;
  const style = { paddingLeft: 20 + Math.min(line.depth, 12) * 16 };
  const name = line.name === null ? null : <bdi>{safeText(line.name)}</bdi>;
  const look = `ln ${note === null ? '' : `ln-${note.kind}`}`;
  if (!line.folds || node === null)
    return (
      <div className={look} style={style}>
        {name === null ? null : (
          <>
            <span className="p k">{name}:</span>{' '}
          </>
        )}
        {node === null ? <span className="st-violating">missing</span> : <Scalar node={node} />}
        <Note note={note} />
      </div>
    );
  return (
    <button type="button" className={`${look} block w-full`} style={style} aria-expanded={line.open} onClick={onToggle}>
      <span className="f2">{line.open ? '▾' : '▸'}</span> <span className={line.open ? 'v k' : 'p k'}>{name}</span>{' '}
      {line.open ? null : node.kind === 'string' ? (
        <span className="s">{safeText(node.text, 60)}</span>
      ) : (
        <span className="s">{sizeOf(node)}</span>
      )}
      {line.open && node.kind === 'string' ? <Scalar node={node} /> : null}
      <Note note={note} />
    </button>
  );
}

function Note({ note }: { note: TreeLine['note'] }) {
  return note === null ? null : <small>{safeText(note.words, 500)}</small>;
}

function Scalar({ node }: { node: JsonNode }) {
  switch (node.kind) {
    case 'string':
      return <bdi className="s">&quot;{safeText(node.text, 100_000)}&quot;</bdi>;
    case 'object':
      return <span className="p">{'{}'}</span>;
    case 'array':
      return <span className="p">[]</span>;
    default:
      return <span className="v">{node.text}</span>;
  }
}

function sizeOf(node: JsonNode): string {
  if (node.kind === 'object') return formatCounted(node.entries.length, 'field');
  return node.kind === 'array' ? formatCounted(node.items.length, 'item') : '';
}
