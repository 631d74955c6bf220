'use client';

import { useSearchParams } from 'next/navigation';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { ApiError, failureWords, fetchApi, sendApi } from '@/components/live/loaded.ts';
import type { Explanation, TryRequest } from '@/server/model/dialect-wire.ts';
import type { EventList } from '@/server/model/wire.ts';
import { NO_DIALECT } from './dialect-rows.ts';
import { TryAnswer } from './try-answer.tsx';
import { TryForm } from './try-form.tsx';

/** What became of the last try. */
type Tried =
  | { readonly kind: 'answer'; readonly answer: Explanation }
  | { readonly kind: 'problem'; readonly words: string; readonly errors: ApiError['errors'] };

/** A place to paste a record, or to name a stored one, and see by which rule each field is found. Nothing is stored. */
export function TryRecord({ order }: { order: ReadonlyMap<string, number | null> }) {
  const named = useSearchParams().get('try');
  const [source, setSource] = useState({ pasting: named === null, event: named ?? '' });
  const [tried, setTried] = useState<Tried | null>(null);
  const [busy, setBusy] = useState(false);
  const running = useRef<AbortController | null>(null);
  const asked = useRef<string | null>(null);
  const run = (ask: (signal: AbortSignal) => Promise<Tried>) => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    setBusy(true);
    ask(controller.signal)
      .catch((error: unknown): Tried => problemOf(error))
      .then((next) => {
        if (controller.signal.aborted) return;
        setBusy(false);
        setTried(next);
      });
  };
  const tryStored = (event: string) => {
    setSource({ pasting: false, event });
    asked.current = event;
    keepInAddress(event);
    run((signal) => explain({ event }, signal));
  };
  const attempt = (request: TryRequest) => {
    if ('event' in request) return tryStored(request.event);
    asked.current = null;
    keepInAddress(null);
    run((signal) => explain(request, signal));
  };
  const tryLast = () =>
    run(async (signal) => {
      const event = await lastUnmatched(signal);
      if (event === null) return { kind: 'problem', words: 'Every stored event matched a rule', errors: [] };
      setSource({ pasting: false, event });
      asked.current = event;
      keepInAddress(event);
      return explain({ event }, signal);
    });
  const follow = useRef(tryStored);
  follow.current = tryStored;
  useEffect(() => {
    // What this page asked itself is on its way already.
    if (named !== null && named !== asked.current) follow.current(named);
  }, [named]);
  useEffect(() => () => running.current?.abort(), []);
  return (
    <section id="try" aria-label="Try a record">
      <div className="sec wraps">
        <h3>Try a record</h3>
        <span>
          Paste one, or take{' '}
          <button type="button" className="u f1" onClick={tryLast}>
            the last that no rule matched
          </button>
          . Nothing is stored.
        </span>
      </div>
      <div className="try">
        <TryForm
          source={source}
          onSource={setSource}
          busy={busy}
          errors={tried?.kind === 'problem' ? tried.errors : []}
          onTry={attempt}
        />
        <div aria-live="polite" className="min-w-0">
          <Outcome tried={tried} order={order} />
        </div>
      </div>
    </section>
  );
}

function Outcome({ tried, order }: { tried: Tried | null; order: ReadonlyMap<string, number | null> }): ReactNode {
  if (tried === null)
    return (
      <p className="note">
        Here you will see which dialect reads the record, and by which of its rules each field is found.
      </p>
    );
  if (tried.kind === 'answer') return <TryAnswer answer={tried.answer} order={order} />;
  return (
    <div role="alert">
      <p>{tried.words}.</p>
      {tried.errors.map(({ name, reason }) => (
        <p key={name} className="note">
          <span className="m f1">{name}</span> {reason}
        </p>
      ))}
    </div>
  );
}

async function explain(request: TryRequest, signal: AbortSignal): Promise<Tried> {
  return { kind: 'answer', answer: await sendApi<Explanation>('/api/v1/dialects/try', request, { signal }) };
}

function problemOf(error: unknown): Tried {
  return {
    kind: 'problem',
    words: failureWords(error).replace(/\.$/, ''),
    errors: error instanceof ApiError ? error.errors : [],
  };
}

/** Record id of the newest event that no dialect matched; null when there is none. */
async function lastUnmatched(signal: AbortSignal): Promise<string | null> {
  const query = new URLSearchParams({ dialect: NO_DIALECT, clock: 'stored', limit: '1' });
  const { events } = await fetchApi<EventList>(`/api/v1/events?${query}`, signal);
  return events[0]?.id ?? null;
}

/** A stored record that is tried is in the address; what was pasted never is. */
function keepInAddress(event: string | null): void {
  const next = new URLSearchParams(location.search);
  if (event === null) next.delete('try');
  else next.set('try', event);
  window.history.replaceState(null, '', `?${next}`);
}
