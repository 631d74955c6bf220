'use client';

import Link from 'next/link';
import { FilterInput } from '@/components/ui/filter-input.tsx';
import {
  LATENCY_EVIDENCES,
  LATENCY_GROUPS,
  LATENCY_SUBJECTS,
  type LatencyEvidence,
} from '@/server/model/latency-wire.ts';
import type { LatencyView } from './latency-query.ts';
import { GROUP_WORDS, SUBJECT_WORDS } from './latency-words.ts';

const EVIDENCE_WORDS: Record<LatencyEvidence, string> = {
  all: 'All evidence',
  explicit: 'Named causes',
  inferred: 'Inferred causes',
};

interface LatencyToolsProps {
  readonly view: LatencyView;
  readonly params: URLSearchParams;
  readonly filter: string;
  readonly onFilter: (text: string | null) => void;
}

/** What is measured, by what it is told apart, and on which evidence. */
export function LatencyTools({ view, params, filter, onFilter }: LatencyToolsProps) {
  const linkTo = (name: keyof LatencyView, value: string) => `/latency?${withPart(params, name, value)}`;
  return (
    <div className="tools lat-tools">
      <nav className="seg" aria-label="What is measured">
        {LATENCY_SUBJECTS.map((one) => (
          <Link key={one} href={linkTo('subject', one)} aria-current={one === view.subject ? 'true' : undefined}>
            {SUBJECT_WORDS[one].name}
          </Link>
        ))}
      </nav>
      {view.subject === 'hop' ? (
        <nav className="seg" aria-label="Rows">
          {LATENCY_GROUPS.map((one) => (
            <Link key={one} href={linkTo('group', one)} aria-current={one === view.group ? 'true' : undefined}>
              {GROUP_WORDS[one].name}
            </Link>
          ))}
        </nav>
      ) : null}
      <nav className="seg" aria-label="Evidence">
        {LATENCY_EVIDENCES.map((one) => (
          <Link key={one} href={linkTo('evidence', one)} aria-current={one === view.evidence ? 'true' : undefined}>
            {EVIDENCE_WORDS[one]}
          </Link>
        ))}
      </nav>
      <FilterInput
        label="Filter rows"
        placeholder={`Filter ${GROUP_WORDS[view.group].many}`}
        value={filter}
        onChange={(text) => onFilter(text === '' ? null : text)}
        width="w-[220px]"
      />
      <span className="note sp phone-off el">{SUBJECT_WORDS[view.subject].what}</span>
    </div>
  );
}

function withPart(params: URLSearchParams, name: string, value: string): string {
  const next = new URLSearchParams(params);
  next.set(name, value);
  // A row of one view is none of another.
  if (name !== 'evidence') next.delete('sel');
  return next.toString();
}
