'use client';

import Link from 'next/link';
import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { useCoverage } from '@/components/shell/coverage-provider.tsx';
import { FilterInput } from '@/components/ui/filter-input.tsx';
import { formatCount } from '@/components/ui/format-number.ts';
import { isLowerBound } from '@/components/ui/lower-bound.ts';
import { STATUS_MARK } from '@/components/ui/mark-kind.ts';
import { Num } from '@/components/ui/num.tsx';
import { safeText } from '@/components/ui/safe-text.ts';
import { FILTER_WORDS, filterText, parseFilterText, TRACE_FILTERS, type TraceQuery } from './trace-query.ts';

const STATUSES = ['running', 'done', 'stalled', 'failed', 'unknown'] as const;

/** The query line: free text over ids, `service: type: topic: status: duration>`; all of it in the URL. */
export function FilterLine({ query, folded }: { query: TraceQuery; folded: number }) {
  const router = useRouter();
  const pathname = usePathname();
  const params = useSearchParams();
  const [text, setText] = useState(filterText(query));
  const apply = (next: TraceQuery) => router.push(`${pathname}?${withFilters(params, next)}`);
  return (
    <>
      <search>
        <form
          className="tools"
          onSubmit={(event) => {
            event.preventDefault();
            apply({ ...parseFilterText(text), ...(query.singles === undefined ? {} : { singles: query.singles }) });
          }}
        >
          <FilterInput
            label="Filter traces"
            placeholder="id, service: type: topic: duration>500ms"
            value={text}
            onChange={setText}
            width="w-[460px]"
          />
          <nav className="seg" aria-label="Status">
            <Link
              href={`${pathname}?${withFilters(params, { ...query, status: '' })}`}
              aria-current={query.status === undefined ? 'true' : undefined}
            >
              Any status
            </Link>
            {STATUSES.map((status) => (
              <Link
                key={status}
                href={`${pathname}?${withFilters(params, { ...query, status })}`}
                aria-current={query.status === status ? 'true' : undefined}
              >
                {STATUS_MARK[status].word}
              </Link>
            ))}
          </nav>
          <span className="sp note">
            <Singles
              query={query}
              folded={folded}
              href={(singles) => `${pathname}?${withFilters(params, { ...query, singles })}`}
            />
            <Uncorrelated />
          </span>
        </form>
      </search>
      <Chips query={query} href={(name) => `${pathname}?${withFilters(params, { ...query, [name]: '' })}`} />
    </>
  );
}

function Singles({ query, folded, href }: { query: TraceQuery; folded: number; href: (singles: string) => string }) {
  if (query.singles !== undefined)
    return (
      <Link className="u" href={href('')}>
        Fold single events again
      </Link>
    );
  if (folded === 0) return null;
  return (
    <>
      <Link className="m x f1" href={href('only')}>
        {formatCount(folded)}
      </Link>{' '}
      single events folded
    </>
  );
}

/** Events without an id to stitch by are in no trace, and one click away. */
function Uncorrelated() {
  const coverage = useCoverage().data.value;
  if (coverage === null || coverage.totals.uncorrelated === '0') return null;
  const { uncorrelated } = coverage.totals;
  return (
    <>
      {' · '}
      <Num value={uncorrelated} bound={isLowerBound(coverage)} href="/topics?tab=uncorrelated" /> uncorrelated{' '}
      {uncorrelated === '1' ? 'event' : 'events'}
    </>
  );
}

function Chips({ query, href }: { query: TraceQuery; href: (name: string) => string }) {
  const set = TRACE_FILTERS.filter((name) => query[name] !== undefined);
  if (set.length === 0) return null;
  return (
    <div className="tools flex-wrap">
      {set.map((name) => (
        <Link
          key={name}
          className="ctl max-w-full"
          href={href(name)}
          aria-label={`Remove filter ${FILTER_WORDS[name]}`}
        >
          <span className="f2">{FILTER_WORDS[name]}</span>
          <bdi className="m el f0">{safeText(query[name] ?? '', 80)}</bdi> ×
        </Link>
      ))}
    </div>
  );
}

function withFilters(params: URLSearchParams, query: TraceQuery): string {
  const next = new URLSearchParams(params);
  next.delete('sel');
  for (const name of TRACE_FILTERS) {
    const value = query[name] ?? '';
    if (value === '') next.delete(name);
    else next.set(name, value);
  }
  return next.toString();
}
