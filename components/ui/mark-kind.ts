import type { TraceStatus } from '@/server/model/trace.ts';

/** Marks of the six states, and the neutral ones. */
export type MarkKind =
  | 'flowing'
  | 'slow'
  | 'stalled'
  | 'dead'
  | 'violating'
  | 'unknown'
  | 'running'
  | 'done'
  | 'reopened';

/** The mark and word of a trace's status. */
export const STATUS_MARK: Record<TraceStatus, { readonly mark: MarkKind; readonly word: string }> = {
  running: { mark: 'running', word: 'Running' },
  done: { mark: 'done', word: 'Done' },
  unknown: { mark: 'unknown', word: 'No end seen' },
  stalled: { mark: 'stalled', word: 'Stalled' },
  failed: { mark: 'dead', word: 'Failed' },
};
