'use client';

import { sendApi } from '@/components/live/loaded.ts';
import { Decision } from '@/components/ui/decision.tsx';
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
  const state = mark?.state ?? 'new';
  return (
    <Decision
      {...MARK_WORDS[state]}
      since={mark?.since ?? null}
      note={mark?.note ?? null}
      choices={CHOICES.filter((choice) => choice.state !== (state === 'back' ? 'new' : state))}
      onDecide={(chosen, note) =>
        sendApi('/api/v1/dead-letter-marks', { ...of, state: chosen, note } satisfies MarkRequest).then(onChanged)
      }
    />
  );
}
