import type { ReactNode } from 'react';
import type { MarkKind } from './mark-kind.ts';
import { StateMark } from './state-mark.tsx';

interface VerdictProps {
  readonly mark: MarkKind;
  /** The sentence, without a full stop. */
  readonly sentence: ReactNode;
  /** Whose page it is, where that lays its head out otherwise. */
  readonly className?: string;
  /** What is said below the sentence. */
  readonly children?: ReactNode;
  /** What stands beside it: counts, or what can be done. */
  readonly aside?: ReactNode;
}

/** What a page says first: what, where, whose, since when. The sentence is read aloud when it becomes another. */
export function Verdict({ mark, sentence, className = '', children, aside }: VerdictProps) {
  return (
    <section className={`verdict ${className}`.trimEnd()}>
      <div className="min-w-0">
        <h2 aria-live="polite">
          <StateMark kind={mark} />
          <span>{sentence}</span>
        </h2>
        {children}
      </div>
      {aside}
    </section>
  );
}
