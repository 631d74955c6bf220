'use client';

import Link from 'next/link';
import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { FilterInput } from '@/components/ui/filter-input.tsx';
import { REASON_WORDS, reasonGroup } from '@/components/ui/reason-words.ts';
import { safeText } from '@/components/ui/safe-text.ts';
import { REASONS, type Reason } from '@/server/model/reason.ts';
import {
  EVENT_FILTERS,
  type EventFilterName,
  type EventGroup,
  type EventQuery,
  eventFilterText,
  isReason,
  parseEventFilters,
  withEventQuery,
} from './event-query.ts';

interface EventFiltersProps {
  readonly query: EventQuery;
  /** The time range in words: `Last 60 min`. */
  readonly label: string;
}

/** The filters of a list of events, all of them in the address: a line to type into, reasons to choose, chips to remove. */
export function EventFilters({ query, label }: EventFiltersProps) {
  const router = useRouter();
  const pathname = usePathname();
  const params = useSearchParams();
  const [text, setText] = useState(eventFilterText(query.filters));
  const href = (next: Partial<EventQuery>) => `${pathname}?${withEventQuery(params, { ...query, ...next })}`;
  const { reason } = query.filters;
  const reasons = reasonsOf(query.group);
  return (
    <>
      <search>
        <form
          className="tools"
          onSubmit={(event) => {
            event.preventDefault();
            router.push(href({ filters: { ...parseEventFilters(text), ...(reason === undefined ? {} : { reason }) } }));
          }}
        >
          <FilterInput
            label="Filter events"
            placeholder="topic: type: service: dialect:"
            value={text}
            onChange={setText}
            width="w-[380px]"
          />
          {reasons.length < 2 ? null : (
            <select
              className="field"
              aria-label="Reason"
              value={reason ?? ''}
              onChange={({ target }) => router.push(href({ filters: withReason(query.filters, target.value) }))}
            >
              <option value="">Any reason</option>
              {reasons.map((one) => (
                <option key={one} value={one}>
                  {REASON_WORDS[one]}
                </option>
              ))}
            </select>
          )}
        </form>
      </search>
      <Chips query={query} label={label} href={href} />
    </>
  );
}

function Chips({ query, label, href }: EventFiltersProps & { readonly href: (next: Partial<EventQuery>) => string }) {
  const set = EVENT_FILTERS.flatMap((name) => {
    const value = query.filters[name];
    return value === undefined ? [] : [{ name, value }];
  });
  if (set.length === 0 && !query.inRange) return null;
  return (
    <div className="tools flex-wrap">
      {set.map(({ name, value }) => (
        <Link
          key={name}
          className="ctl max-w-full"
          href={href({ filters: without(query.filters, name) })}
          aria-label={`Remove filter ${name}`}
        >
          <span className="f2">{name}</span>
          <bdi className="m el f0">
            {isReason(value) && name === 'reason' ? REASON_WORDS[value] : safeText(value, 80)}
          </bdi>{' '}
          ×
        </Link>
      ))}
      {query.inRange ? (
        <Link className="ctl" href={href({ inRange: false })} aria-label="Remove filter stored">
          <span className="f2">stored</span>{' '}
          <span className="f0">{label === 'Fixed' ? 'in this range' : label.toLowerCase()}</span> ×
        </Link>
      ) : null}
    </div>
  );
}

const ALL_REASONS = Object.keys(REASONS).filter(isReason);

/** The reasons that a list may be narrowed to. */
function reasonsOf(group: EventGroup): readonly Reason[] {
  return group === 'events' ? ALL_REASONS : ALL_REASONS.filter((reason) => reasonGroup(reason) === group);
}

function withReason(filters: EventQuery['filters'], reason: string): EventQuery['filters'] {
  return reason === '' ? without(filters, 'reason') : { ...filters, reason };
}

function without(filters: EventQuery['filters'], name: EventFilterName): EventQuery['filters'] {
  const { [name]: _, ...rest } = filters;
  return rest;
}
