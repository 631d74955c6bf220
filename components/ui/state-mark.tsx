import type { ReactNode } from 'react';
import type { MarkKind } from './mark-kind.ts';

const SHAPES: Record<MarkKind, ReactNode> = {
  flowing: <circle cx="5" cy="5" r="4.2" fill="currentColor" />,
  slow: (
    <>
      <circle cx="5" cy="5" r="3.7" fill="none" stroke="currentColor" strokeWidth="1.4" />
      <path d="M5 .8a4.2 4.2 0 0 1 0 8.4z" fill="currentColor" />
    </>
  ),
  stalled: <rect x="1" y="1" width="8" height="8" fill="currentColor" />,
  dead: <path d="M1.3 1.3l7.4 7.4M8.7 1.3L1.3 8.7" stroke="currentColor" strokeWidth="2.1" fill="none" />,
  violating: <path d="M5 .6L9.7 9.2H.3z" fill="currentColor" />,
  unknown: (
    <circle cx="5" cy="5" r="3.8" fill="none" stroke="currentColor" strokeWidth="1.4" strokeDasharray="2.2 1.75" />
  ),
  running: <circle cx="5" cy="5" r="3.6" fill="none" stroke="currentColor" strokeWidth="1.4" />,
  done: <path d="M1 5.4l2.8 2.8L9 2" stroke="currentColor" strokeWidth="1.7" fill="none" />,
  reopened: <path d="M9 5H1.5M5 1.5L1.5 5L5 8.5" stroke="currentColor" strokeWidth="1.5" fill="none" />,
};

const NEUTRAL: ReadonlySet<MarkKind> = new Set<MarkKind>(['running', 'done', 'reopened']);

/** The shape of a state. Hidden from readers: its word stands beside it. */
export function StateMark({ kind }: { kind: MarkKind }) {
  return (
    <svg className={`g ${NEUTRAL.has(kind) ? '' : `mk-${kind}`}`} viewBox="0 0 10 10" aria-hidden="true">
      {SHAPES[kind]}
    </svg>
  );
}

/** Shape and word. `wash` only where a person must act. */
export function StateTag({ kind, word, wash = false }: { kind: MarkKind; word: string; wash?: boolean }) {
  return (
    <span className={`tag ${wash ? 'w' : ''} ${NEUTRAL.has(kind) ? '' : `st-${kind}`}`}>
      <StateMark kind={kind} />
      {word}
    </span>
  );
}
