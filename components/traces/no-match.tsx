import Link from 'next/link';
import { formatCount, formatCounted } from '@/components/ui/format-number.ts';
import { PanelState } from '@/components/ui/panel-state.tsx';
import { safeText } from '@/components/ui/safe-text.ts';
import type { TraceList } from '@/server/model/wire.ts';
import type { TraceQuery } from './trace-query.ts';

/**
 * No trace matches, or none is stored: says what was looked through, and the way out.
 * @param singles where the single events that match are listed
 */
export function NoMatch({
  list,
  query,
  label,
  singles,
}: {
  list: TraceList;
  query: TraceQuery;
  label: string;
  singles: string;
}) {
  const filters = Object.keys(query).length;
  const { searched, singles_folded: folded } = list;
  const title =
    filters === 0
      ? 'No trace is stored yet'
      : folded > 0
        ? 'Only events that appear alone match'
        : query.q === undefined
          ? `No trace of the ${label.toLowerCase()} matches`
          : 'No stored id begins like this';
  return (
    <PanelState mark="unknown" title={title}>
      {searched === undefined ? null : (
        <p>
          Searched: <span className="m">{formatCounted(searched.records, 'stored record')}</span> of{' '}
          <span className="m">{formatCounted(searched.partitions, 'partition')}</span>.
          {searched.lag === '0'
            ? ' Everything on the brokers is read.'
            : ` ${formatCount(searched.lag)} records on the brokers are not read yet.`}
          {searched.undecodable === '0' && searched.uncorrelated === '0'
            ? ''
            : ` ${formatCount(searched.undecodable)} undecodable and ${formatCount(searched.uncorrelated)} uncorrelated records belong to no trace.`}
          {searched.expired === '0' ? '' : ` ${formatCounted(searched.expired, 'earlier record')} expired.`}
          {searched.unreadable_topics.length === 0
            ? ''
            : ` Not readable: ${safeText(searched.unreadable_topics.join(', '))}.`}
        </p>
      )}
      {folded > 0 ? (
        <Link className="ctl" href={singles}>
          Show {formatCounted(folded, 'single event')}
        </Link>
      ) : null}
      {filters > 0 ? (
        <Link className="ctl" href="/traces">
          Remove all filters
        </Link>
      ) : null}
    </PanelState>
  );
}
