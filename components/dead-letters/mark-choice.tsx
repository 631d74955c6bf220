'use client';

import { useState } from 'react';
import { failureWords, sendApi } from '@/components/live/loaded.ts';
import { Instant } from '@/components/ui/instant.tsx';
import { safeText } from '@/components/ui/safe-text.ts';
import { StateTag } from '@/components/ui/state-mark.tsx';
import type { MarkRequest, MarkState, MarkWire } from '@/server/model/dead-letter-wire.ts';
import { MARK_WORDS } from './letters-words.ts';

interface MarkChoiceProps {
  /** What is marked: a queue, a reason of it, or a record. */
  readonly of: Omit<MarkRequest, 'state' | 'note'>;
  readonly mark: MarkWire | null;
  readonly onChanged: () => void;
}

const CHOICES: readonly { readonly state: MarkState; readonly word: string }[] = [
  { state: 'acknowledged', word: 'Acknowledge' },
  { state: 'resolved', word: 'Resolved' },
  { state: 'new', word: 'Open again' },
];

/** What was decided about dead letters, and the ways to decide otherwise. Kafka hears nothing of it. */
export function MarkChoice({ of, mark, onChanged }: MarkChoiceProps) {
  const [note, setNote] = useState(mark?.note ?? '');
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const state = mark?.state ?? 'new';
  const choose = (chosen: MarkState) => {
    setBusy(true);
    setProblem(null);
    const body: MarkRequest = { ...of, state: chosen, note: note === '' ? null : note };
    sendApi('/api/v1/dead-letter-marks', body)
      .then(onChanged, (error: unknown) => setProblem(failureWords(error)))
      .finally(() => setBusy(false));
  };
  const offered = CHOICES.filter((choice) => choice.state !== (state === 'back' ? 'new' : state));
  return (
    <div className="dead-mark">
      <p className="flex flex-wrap items-center gap-x-3">
        <StateTag kind={MARK_WORDS[state].mark} word={MARK_WORDS[state].word} />
        {mark === null || mark.since === null ? null : (
          <span className="f2 t12">
            since <Instant at={mark.since} relative />
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
        {offered.map((choice) => (
          <button key={choice.state} type="button" className="ctl" disabled={busy} onClick={() => choose(choice.state)}>
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
