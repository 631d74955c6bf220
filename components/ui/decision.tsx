'use client';

import { useState } from 'react';
import { failureWords } from '@/components/live/loaded.ts';
import { Instant } from './instant.tsx';
import type { MarkKind } from './mark-kind.ts';
import { safeText } from './safe-text.ts';
import { StateTag } from './state-mark.tsx';

interface DecisionProps<State extends string> {
  /** What was decided, in shape and word. */
  readonly mark: MarkKind;
  readonly word: string;
  readonly since: string | null;
  readonly until?: string | null;
  readonly note: string | null;
  /** The ways to decide otherwise. */
  readonly choices: readonly { readonly state: State; readonly word: string }[];
  /** Sends a decision; `note` is null where none is written. */
  readonly onDecide: (state: State, note: string | null) => Promise<unknown>;
}

/** What was decided about something, and the ways to decide otherwise, with a note. */
export function Decision<State extends string>(props: DecisionProps<State>) {
  const { mark, word, since, until = null, choices, onDecide } = props;
  const [note, setNote] = useState(props.note ?? '');
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const decide = (state: State) => {
    setBusy(true);
    setProblem(null);
    onDecide(state, note === '' ? null : note)
      .catch((error: unknown) => setProblem(failureWords(error)))
      .finally(() => setBusy(false));
  };
  return (
    <div className="decision">
      <p className="flex flex-wrap items-center gap-x-3">
        <StateTag kind={mark} word={word} />
        {since === null ? null : (
          <span className="f2 t12">
            since <Instant at={since} relative />
          </span>
        )}
        {until === null ? null : (
          <span className="f2 t12">
            until <Instant at={until} digits="min" />
          </span>
        )}
      </p>
      <label className="field">
        <span className="sr-only">Note</span>
        <input
          value={note}
          onChange={({ target }) => setNote(target.value)}
          maxLength={500}
          placeholder="Note, kept with the decision"
        />
      </label>
      <div className="flex flex-wrap gap-2">
        {choices.map((choice) => (
          <button key={choice.state} type="button" className="ctl" disabled={busy} onClick={() => decide(choice.state)}>
            {choice.word}
          </button>
        ))}
      </div>
      {problem === null ? null : (
        <p className="note st-stalled" role="alert">
          {safeText(problem, 500)}.
        </p>
      )}
    </div>
  );
}
