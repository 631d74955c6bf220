'use client';

import Link from 'next/link';
import { type Column, DataTable } from '@/components/ui/data-table.tsx';
import { Identifier } from '@/components/ui/identifier.tsx';
import { Instant } from '@/components/ui/instant.tsx';
import { StateMark } from '@/components/ui/state-mark.tsx';
import type { DriftSide, DriftWire } from '@/server/model/drift-wire.ts';
import { changeWords, DRIFT_MARKS, driftKey, eventHref, sideShare, sideWords } from './drift-words.ts';

/** Fields that events carry otherwise than before, the newest change first. */
export function DriftTable({ drifts }: { drifts: readonly DriftWire[] }) {
  return <DataTable label="Fields that changed, by event type" columns={COLUMNS} rows={drifts} keyOf={driftKey} />;
}

const COLUMNS: readonly Column<DriftWire>[] = [
  {
    name: 'Event type',
    width: 'w-[264px] max-[599px]:w-[40%]',
    cell: ({ event_type, kind }) => (
      <span className="flex min-w-0 items-center gap-2.5">
        <span role="img" aria-label={kind} title={kind} className="flex-none leading-none">
          <StateMark kind={DRIFT_MARKS[kind]} />
        </span>
        <Identifier text={event_type} className="m el" />
      </span>
    ),
  },
  {
    name: 'Field and change',
    title: ({ sentence }) => sentence,
    cell: (drift) => (
      <span className="el block">
        <Identifier text={drift.path === '' ? 'the event' : drift.path} className="m" />{' '}
        <span className="f1">{changeWords(drift)}</span>
      </span>
    ),
  },
  {
    name: 'Services',
    width: 'w-[176px]',
    phoneOff: true,
    ink: 'f1',
    cell: ({ services }) =>
      services.length === 0 ? (
        <span className="f2">not named</span>
      ) : (
        <Identifier text={services.join(', ')} className="el block" />
      ),
  },
  side('Before', ({ before, samples }) => [before, samples.before]),
  side('Now', ({ now, samples }) => [now, samples.now]),
  {
    name: 'Since',
    head: 'Since ↓',
    sorted: 'descending',
    width: 'w-[104px] max-[599px]:w-[84px]',
    num: true,
    ink: 'f1',
    cell: ({ since }) => <Instant at={since} />,
  },
];

/** How many events had the field, leading to one of them. */
function side(name: string, of: (drift: DriftWire) => readonly [DriftSide, string | null]): Column<DriftWire> {
  return {
    name,
    width: 'w-[118px]',
    num: true,
    phoneOff: true,
    title: (drift) => sideShare(of(drift)[0]),
    cell: (drift) => {
      const [counts, sample] = of(drift);
      const href = sample === null ? null : eventHref(sample);
      const words = sideWords(counts);
      return href === null ? (
        words
      ) : (
        <Link className="u" href={href} title="One of these events">
          {words}
        </Link>
      );
    },
  };
}
