'use client';

import type { ReactNode } from 'react';
import { useKeys } from './keys.ts';
import type { MarkKind } from './mark-kind.ts';
import { StateMark } from './state-mark.tsx';

/** A panel that has a sentence instead of data: empty, no match, failed. */
export function PanelState({ mark, title, children }: { mark: MarkKind; title: ReactNode; children?: ReactNode }) {
  return (
    <section className="panel">
      <h3>
        <StateMark kind={mark} />
        <span>{title}</span>
      </h3>
      {children}
    </section>
  );
}

/** A panel whose data could not be read. The rest of the page stands. */
export function PanelFailed({ what, problem, onRetry }: { what: string; problem: string; onRetry: () => void }) {
  useKeys({ r: onRetry });
  return (
    <PanelState mark="stalled" title={`${what} could not be read`}>
      <p className="box">{problem}</p>
      <button type="button" className="ctl on" onClick={onRetry}>
        Try again <kbd>r</kbd>
      </button>
    </PanelState>
  );
}

/** Said above content that is kept while newer cannot be read. */
export function KeptNote({ problem, onRetry }: { problem: string; onRetry: () => void }) {
  return (
    <div className="note-bar bad" role="status">
      <StateMark kind="stalled" />
      <span>
        {problem}. What you see is the last good answer.{' '}
        <button type="button" className="u" onClick={onRetry}>
          Try again
        </button>
      </span>
    </div>
  );
}

/** Rows in their final geometry, shown after 200 ms. */
export function LoadingRows({ rows, height }: { rows: number; height: number }) {
  const keys = Array.from({ length: rows }, (_, i) => `row-${i}`);
  return (
    <div aria-busy="true" role="status">
      <span className="sr-only">Loading</span>
      {keys.map((key) => (
        <div key={key} className="flex items-center border-b border-rule-1 px-5" style={{ height }}>
          <span className="skel h-2 w-24" />
          <span className="skel ml-10 h-2 w-64 max-w-[40%]" />
        </div>
      ))}
    </div>
  );
}
