'use client';

import Link from 'next/link';
import { traceHref } from '@/components/trace/trace-path.ts';
import { type Column, DataTable } from '@/components/ui/data-table.tsx';
import { formatDuration } from '@/components/ui/format-duration.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { Num } from '@/components/ui/num.tsx';
import { StateMark } from '@/components/ui/state-mark.tsx';
import type { Exemplar, LatencyAnswer, LatencyRow } from '@/server/model/latency-wire.ts';
import { rowKey, rowTracesHref } from './latency-query.ts';
import { GROUP_WORDS, OBJECTIVE_MARK, percentile, SUBJECT_WORDS } from './latency-words.ts';
import { type LogScale, rowsScale } from './log-scale.ts';
import { RangePlotAxis, RangePlotMark } from './range-plot-mark.tsx';
import { SparkLine } from './spark-line.tsx';

interface LatencyTableProps {
  readonly answer: LatencyAnswer;
  readonly rows: readonly LatencyRow[];
  readonly selected: string | null;
  readonly onSelect: (key: string) => void;
  /** The range as a query, for the pages that numbers lead to. */
  readonly range: string;
  /** `Last 60 min`, in words. */
  readonly span: string;
}

/** Every row with its percentiles on one shared axis, the furthest over its objective first. */
export function LatencyTable({ answer, rows, selected, onSelect, range, span }: LatencyTableProps) {
  return (
    <DataTable
      label={`${SUBJECT_WORDS[answer.subject].name} times by ${GROUP_WORDS[answer.group].one}`}
      columns={columnsOf(answer, rowsScale(answer.event_types), range, span)}
      rows={rows}
      keyOf={(row) => rowKey(row, answer.group)}
      grid={{ selected, onSelect }}
    />
  );
}

function columnsOf(answer: LatencyAnswer, scale: LogScale, range: string, span: string): Column<LatencyRow>[] {
  const many = SUBJECT_WORDS[answer.subject].many;
  const bound = answer.coverage.lower_bound;
  const time = (name: string, at: Exemplar['at'] | null, ms: (row: LatencyRow) => number | null) => ({
    name,
    width: name === 'Max' ? 'w-[92px]' : 'w-[84px]',
    num: true,
    phoneOff: name !== 'p95',
    cell: (row: LatencyRow) => <Time row={row} at={at} ms={ms(row)} range={range} strong={name === 'p95'} />,
  });
  return [
    { name: capital(GROUP_WORDS[answer.group].one), cell: (row) => <Name row={row} answer={answer} /> },
    {
      name: capital(many),
      width: 'w-[88px] max-[599px]:w-[76px]',
      num: true,
      cell: (row) => <Num value={row.count} bound={bound} href={rowTracesHref(row, range)} />,
    },
    {
      name: 'Range',
      head: <RangePlotAxis scale={scale} />,
      width: 'w-[300px]',
      phoneOff: true,
      cell: (row) => <RangePlotMark row={row} scale={scale} />,
    },
    time('p50', 'p50', (row) => row.p50_ms),
    time('p95', 'p95', (row) => row.p95_ms),
    time('p99', null, (row) => row.p99_ms),
    time('Max', 'max', (row) => row.max_ms),
    {
      name: 'Objective',
      head: 'Objective ↓',
      sorted: 'descending',
      width: 'w-[98px]',
      num: true,
      phoneOff: true,
      ink: 'f1',
      cell: ({ objective_ms: ms }) => (ms === null ? <span className="f2">none</span> : formatDuration(ms)),
    },
    {
      name: `p95, ${span}`,
      width: 'w-[132px]',
      num: true,
      phoneOff: true,
      cell: (row) => <SparkLine row={row} answer={answer} />,
    },
  ];
}

function Name({ row, answer }: { row: LatencyRow; answer: LatencyAnswer }) {
  const { mark, word } = OBJECTIVE_MARK[row.objective];
  return (
    <span className="flex min-w-0 items-center gap-2.5">
      <span role="img" aria-label={word} title={word} className="flex-none leading-none">
        <StateMark kind={mark} />
      </span>
      <span className="el">
        {answer.group === 'service' ? (
          <Service name={row.service} className="m" />
        ) : (
          <Identifier text={row.event_type ?? ''} className="m" />
        )}
        {answer.group === 'edge' ? (
          <span className="f2 t12">
            {' '}
            after <Identifier text={row.cause_type ?? 'any cause'} className="m" />
          </span>
        ) : null}
        {answer.group === 'event_type' && row.service !== null ? (
          <Identifier text={row.service} className="f2 t12 ml-2" />
        ) : null}
      </span>
    </span>
  );
}

function Service({ name, className }: { name: string | null; className: string }) {
  return name === null || name === '' ? (
    <span className="f2">no service named</span>
  ) : (
    <Identifier text={name} className={className} />
  );
}

/** A percentile leads to a trace near it where one is known, else to the traces of its row. */
function Time({
  row,
  at,
  ms,
  range,
  strong,
}: {
  row: LatencyRow;
  at: Exemplar['at'] | null;
  ms: number | null;
  range: string;
  strong: boolean;
}) {
  if (ms === null) return <span className="f2">{percentile(ms)}</span>;
  const near = row.exemplars.find((exemplar) => exemplar.at === at);
  const href =
    near === undefined ? rowTracesHref(row, range, ms) : traceHref({ ...near, correlation_id_truncated: false });
  return (
    <Link
      className={`x ${strong && row.objective === 'slow' ? 'st-slow' : ''}`}
      href={href}
      title={near === undefined ? 'Traces long enough to hold it' : `A trace near it, ${formatDuration(near.hop_ms)}`}
    >
      {formatDuration(ms)}
    </Link>
  );
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
