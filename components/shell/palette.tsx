'use client';

import { useRouter } from 'next/navigation';
import { type KeyboardEvent, type RefObject, useEffect, useId, useState } from 'react';
import { failureWords, fetchApi } from '@/components/live/loaded.ts';
import { isInTrace } from '@/components/trace/in-trace.ts';
import { eventApiPath, idHref } from '@/components/trace/trace-path.ts';
import { formatCounted } from '@/components/ui/format-number.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { safeText } from '@/components/ui/safe-text.ts';
import type { SearchAnswer } from '@/server/model/search-wire.ts';
import type { EventDetail } from '@/server/model/wire.ts';
import { PAGES } from './pages.ts';
import { answersOf, nothingFound, type PaletteAnswer } from './search-answers.ts';

const LOOK_UP_MS = 120;

/** One box over ids, names of types, services, topics and owners, and pages. All but pages is asked of the server. */
export function Palette({ dialog }: { dialog: RefObject<HTMLDialogElement | null> }) {
  const router = useRouter();
  const listId = useId();
  const [text, setText] = useState('');
  const [selected, setSelected] = useState(0);
  const { answers: found, hint } = useLookUp(text.trim());
  const answers = [...found, ...pagesLike(text.trim())];
  const open = (answer: PaletteAnswer | undefined) => {
    const href = answer?.href ?? idHref(text.trim());
    if (href === null) return;
    dialog.current?.close();
    router.push(href);
  };
  const onKey = (event: KeyboardEvent) => {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move !== undefined) {
      event.preventDefault();
      setSelected((at) => Math.max(0, Math.min(answers.length - 1, at + move)));
    }
    if (event.key === 'Enter') open(answers[Math.min(selected, answers.length - 1)]);
  };
  return (
    <dialog ref={dialog} className="pal" aria-label="Find" onClose={() => setText('')}>
      <div className="in">
        <input
          type="text"
          value={text}
          placeholder="Id, type, service, topic, owner or page"
          aria-label="Find"
          role="combobox"
          aria-expanded={answers.length > 0}
          aria-controls={listId}
          aria-activedescendant={answers.length > 0 ? `${listId}-${Math.min(selected, answers.length - 1)}` : undefined}
          spellCheck={false}
          maxLength={1024}
          onKeyDown={onKey}
          onChange={(event) => {
            setText(event.target.value);
            setSelected(0);
          }}
        />
        <kbd>esc</kbd>
      </div>
      <div id={listId} role="listbox" aria-label="Answers">
        {answers.map((answer, i) => (
          <div key={`${answer.group} ${answer.href} ${answer.note}`}>
            {answers[i - 1]?.group === answer.group ? null : <div className="hd">{answer.group}</div>}
            <button
              id={`${listId}-${i}`}
              type="button"
              role="option"
              aria-label={safeText(`${answer.text} ${answer.note}`.trim())}
              tabIndex={-1}
              className="it"
              aria-selected={i === Math.min(selected, answers.length - 1)}
              onClick={() => open(answer)}
            >
              <span className="el">
                {answer.group === 'Go to' ? answer.text : <Identifier text={answer.text} className="m" />}{' '}
                <span className="f2">{answer.note}</span>
              </span>
              {i === selected ? <kbd>↵</kbd> : null}
            </button>
          </div>
        ))}
        {hint === null ? null : <p className="px-3 py-2 text-ink-2">{hint}</p>}
      </div>
    </dialog>
  );
}

function pagesLike(text: string): PaletteAnswer[] {
  return PAGES.filter((page) => page.name.toLowerCase().includes(text.toLowerCase())).map((page) => ({
    group: 'Go to',
    text: page.name,
    note: `g ${page.key}`,
    href: page.href,
  }));
}

/** What was found of a text, and what to say of it; nothing while the server is asked. */
interface Found {
  readonly answers: readonly PaletteAnswer[];
  readonly hint: string | null;
}

const NOTHING: Found = { answers: [], hint: null };

function useLookUp(text: string): Found {
  const [found, setFound] = useState(NOTHING);
  useEffect(() => {
    setFound(NOTHING);
    if (text.length < 2) return;
    const controller = new AbortController();
    const timer = setTimeout(() => {
      lookUp(text, controller.signal).then(setFound, (error: unknown) => {
        if (!controller.signal.aborted) setFound({ answers: [], hint: `${failureWords(error).replace(/\.$/, '')}.` });
      });
    }, LOOK_UP_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [text]);
  return found;
}

async function lookUp(text: string, signal: AbortSignal): Promise<Found> {
  if (/^[^/]+\/[^/~]+~\d+\/\d+\/\d+$/.test(text)) {
    const event = await fetchApi<EventDetail>(eventApiPath(text), signal);
    const page = isInTrace(event) ? `/traces/key:${event.trace_key}?` : '/topics?tab=events&';
    const href = page + new URLSearchParams({ sel: event.id });
    return { answers: [{ group: 'Records', text, note: event.event_type, href }], hint: null };
  }
  const search = await fetchApi<SearchAnswer>(`/api/v1/search?${new URLSearchParams({ q: text })}`, signal);
  return { answers: answersOf(search), hint: nothingFound(search, (records) => formatCounted(records, 'record')) };
}
