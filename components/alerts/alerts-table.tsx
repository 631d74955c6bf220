'use client';

import { useNow } from '@/components/live/live-provider.tsx';
import { type Column, DataTable } from '@/components/ui/data-table.tsx';
import { formatAge } from '@/components/ui/format-duration.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { safeText } from '@/components/ui/safe-text.ts';
import { StateMark } from '@/components/ui/state-mark.tsx';
import type { AlertList } from '@/server/model/alert-wire.ts';
import { AlertLane } from './alert-lane.tsx';
import {
  alertMark,
  alertSubject,
  conditionWords,
  fires,
  hasNobody,
  KIND_MARK,
  type Row,
  RULE_STATE_WORDS,
  STATE_WORDS,
  valueWords,
} from './alerts-words.ts';
import { lane } from './lane.ts';

interface AlertsTableProps {
  readonly list: AlertList;
  readonly rows: readonly Row[];
  readonly selected: string | null;
  readonly onSelect: (key: string) => void;
}

/** Alerts as lanes over the range, what fires in front; below them the rules that have none. */
export function AlertsTable({ list, rows, selected, onSelect }: AlertsTableProps) {
  const nowMs = useNow();
  return (
    <DataTable
      label="Alerts and rules"
      columns={columnsOf(list, nowMs)}
      rows={rows}
      keyOf={({ key }) => key}
      grid={{ selected, onSelect }}
    />
  );
}

function columnsOf(list: AlertList, nowMs: number): readonly Column<Row>[] {
  const range = { fromMs: Date.parse(list.from), toMs: Date.parse(list.to) };
  return [
    { name: 'Rule', width: 'w-[24%] max-[599px]:w-[52%]', cell: (row) => <Name row={row} /> },
    {
      name: 'Fires when',
      phoneOff: true,
      ink: 'f1',
      cell: ({ alert, rule }) => (
        <span className="el block">
          {rule === null
            ? safeText(alert?.annotations.summary ?? 'its rule is gone', 200)
            : safeText(conditionWords(rule.kind, rule.threshold, rule.written), 200)}
        </span>
      ),
    },
    { name: 'State', width: 'w-[88px]', cell: (row) => <State row={row} /> },
    {
      name: 'Now',
      width: 'w-[104px]',
      num: true,
      cell: ({ alert }) => (alert === null ? '–' : valueWords(alert.value, alert.threshold.unit)),
    },
    {
      name: 'For',
      width: 'w-[108px]',
      num: true,
      phoneOff: true,
      ink: 'f1',
      cell: ({ alert, rule }) => {
        const since = alert?.since ?? rule?.state_since ?? null;
        return since === null ? '–' : formatAge(nowMs - Date.parse(since));
      },
    },
    {
      name: 'Range',
      head: 'Last 24 h',
      width: 'w-[300px]',
      phoneOff: true,
      cell: ({ alert }) =>
        alert === null ? (
          <AlertLane parts={[]} mark="flowing" />
        ) : (
          <AlertLane parts={lane(alert, list.transitions, range)} mark={KIND_MARK[alert.kind]} />
        ),
    },
    {
      name: 'Tells',
      width: 'w-[120px]',
      phoneOff: true,
      ink: 'f1',
      cell: ({ alert, rule }) => {
        const names = alert?.receivers ?? rule?.written.receivers ?? [];
        return names.length === 0 ? (
          <span className="f2">nobody</span>
        ) : (
          <span className="el block">{safeText(names.join(', '), 120)}</span>
        );
      },
    },
    { name: 'Taken by', width: 'w-[116px]', phoneOff: true, cell: (row) => <Taken row={row} /> },
  ];
}

function Name({ row: { alert, rule } }: { row: Row }) {
  const mark = alert === null ? RULE_STATE_WORDS[rule.state].mark : alertMark(alert);
  const subject = alert === null ? '' : alertSubject(alert);
  return (
    <span className="flex min-w-0 items-center gap-2.5">
      <StateMark kind={mark} />
      <span className="el">
        <Identifier
          text={alert?.rule ?? rule?.name ?? ''}
          className={alert !== null && fires(alert) ? 'font-semibold' : 'f1'}
        />
        {subject === '' ? null : <Identifier text={` ${subject}`} className="m f1 t12" />}
      </span>
    </span>
  );
}

function State({ row: { alert, rule } }: { row: Row }) {
  if (alert === null) return <span className="f1">{RULE_STATE_WORDS[rule.state].word}</span>;
  if (fires(alert) && alert.silenced_by.length > 0) return <span className="f1">Silenced</span>;
  return (
    <span
      className={alert.state === 'firing' ? `st-${KIND_MARK[alert.kind]}` : 'f1'}
      title={alert.trouble ?? undefined}
    >
      {STATE_WORDS[alert.state]}
    </span>
  );
}

function Taken({ row: { alert } }: { row: Row }) {
  if (alert === null || !fires(alert)) return null;
  if (alert.acknowledged !== null) return <Identifier text={alert.acknowledged.author} className="el block f1" />;
  return hasNobody(alert) ? <strong className="font-semibold">nobody</strong> : <span className="f2">silenced</span>;
}
