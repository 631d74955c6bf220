'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { useLive } from './live-provider.tsx';
import { ApiError, failureWords, type Loaded, MISSING, ready } from './loaded.ts';
import { changedSince } from './stream.ts';

interface LiveData<T> {
  readonly data: Loaded<T>;
  /** The query that `data.value` answers: while another is on its way, or fails, the one before. */
  readonly answered: string;
  readonly refresh: () => void;
  readonly updating: boolean;
}

/**
 * Data of a page, fetched again when something changed, at most once per `everyMs`. Old content stays while the new one
 * is on its way or fails.
 * @param query names what is asked; another query fetches at once
 * @param load asks the server; called with the newest closure
 * @param watch only changes of this trace key count; without it every change does
 */
export function useLiveData<T>(options: {
  readonly query: string;
  readonly initial: Loaded<T>;
  readonly load: (signal: AbortSignal) => Promise<T>;
  readonly everyMs?: number;
  readonly watch?: string;
  /** Fetch also without a change, this often. */
  readonly pollMs?: number;
}): LiveData<T> {
  const { stream } = useLive();
  const { query, everyMs = 1000, watch, pollMs } = options;
  const held = stream.paused !== null;
  const [{ data, answered }, setAnswer] = useState({ data: options.initial, answered: query });
  const [updating, setUpdating] = useState(false);
  const load = useRef(options.load);
  load.current = options.load;
  const run = useRef({
    query: options.initial.kind === 'loading' ? null : query,
    revision: stream.revision,
    atMs: 0,
    busy: false,
    /** Set while news is fetched that nobody asked for: the revision to go back to when the page is held meanwhile. */
    before: null as number | null,
  });
  const abort = useRef<AbortController | null>(null);

  const fetchNow = useCallback((revision: number, forQuery: string, before: number | null = null) => {
    abort.current?.abort();
    const controller = new AbortController();
    abort.current = controller;
    run.current = { query: forQuery, revision, atMs: Date.now(), busy: true, before };
    setUpdating(true);
    load.current(controller.signal).then(
      (value) => finish(() => setAnswer({ data: ready(value), answered: forQuery })),
      (error: unknown) => {
        if (controller.signal.aborted) return;
        finish(() => setAnswer((old) => ({ ...old, data: failed(error, old.data) })));
      },
    );
    function finish(apply: () => void): void {
      if (controller.signal.aborted) return;
      run.current.busy = false;
      setUpdating(false);
      apply();
    }
  }, []);

  useEffect(() => {
    if (run.current.query !== query) {
      fetchNow(stream.revision, query);
      return;
    }
    const news =
      watch === undefined ? stream.revision > run.current.revision : changedSince(stream, watch, run.current.revision);
    if (!news || held) return;
    const wait = Math.max(0, run.current.atMs + everyMs - Date.now());
    const timer = setTimeout(() => fetchNow(stream.revision, query, run.current.revision), wait);
    return () => clearTimeout(timer);
  }, [stream, held, query, watch, everyMs, fetchNow]);

  useEffect(() => {
    const { busy, before } = run.current;
    if (!held || !busy || before === null) return;
    // News that was on its way when the page was held must not move it; it is fetched when the page goes on.
    abort.current?.abort();
    run.current = { ...run.current, revision: before, busy: false, before: null };
    setUpdating(false);
  }, [held]);

  useEffect(() => {
    if (pollMs === undefined || held) return;
    const timer = setInterval(() => {
      if (!run.current.busy) fetchNow(run.current.revision, query, run.current.revision);
    }, pollMs);
    return () => clearInterval(timer);
  }, [pollMs, held, query, fetchNow]);

  useEffect(
    () => () => {
      abort.current?.abort();
      // Mounted again after this (strict mode does), what was on its way has to be asked anew.
      if (run.current.busy) run.current = { ...run.current, query: null, busy: false };
    },
    [],
  );
  const refresh = useCallback(() => fetchNow(stream.revision, query), [fetchNow, stream.revision, query]);
  return { data, answered, refresh, updating };
}

function failed<T>(error: unknown, old: Loaded<T>): Loaded<T> {
  if (error instanceof ApiError && error.status === 404) return MISSING;
  return { kind: 'failed', value: old.value, problem: failureWords(error) };
}
