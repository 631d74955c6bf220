'use client';

import type { Loaded } from '@/components/live/loaded.ts';
import { formatBytes } from '@/components/ui/format-number.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { safeText } from '@/components/ui/safe-text.ts';
import type { EventDetail, HeaderWire, PayloadMissing } from '@/server/model/wire.ts';
import { PayloadTree } from './payload-tree.tsx';

export type PayloadTab = 'payload' | 'headers' | 'raw';

interface PayloadTabsProps {
  readonly tab: PayloadTab;
  readonly onTab: (tab: PayloadTab) => void;
  readonly headers: readonly HeaderWire[];
  /** Why the record's bytes cannot be shown. */
  readonly missing: PayloadMissing | null;
  readonly data:
    | Loaded<EventDetail>
    | { readonly kind: string; readonly value: EventDetail | null; readonly problem: string | null };
  readonly onRetry: () => void;
}

/** What the record carries: a tree that keeps numbers as written, its headers, and the text as stored. */
export function PayloadTabs({ tab, onTab, headers, missing, data, onRetry }: PayloadTabsProps) {
  const names = { payload: 'Payload', headers: 'Headers', raw: 'Raw' } as const;
  const tabs: readonly PayloadTab[] = ['payload', 'headers', 'raw'];
  return (
    <>
      <div className="itabs" role="tablist">
        {tabs.map((one) => (
          <button key={one} type="button" role="tab" aria-selected={one === tab} onClick={() => onTab(one)}>
            {names[one]} {one === 'headers' ? <span className="m">{headers.length}</span> : null}
          </button>
        ))}
      </div>
      <div className="tree min-h-0 flex-1 overflow-auto py-2" role="tabpanel" aria-label={names[tab]}>
        {missing !== null ? (
          <p className="note px-5">{MISSING_WORDS[missing]}</p>
        ) : tab === 'headers' ? (
          <Headers headers={headers} />
        ) : data.value === null ? (
          <Pending problem={data.problem} onRetry={onRetry} />
        ) : (
          <Value event={data.value} raw={tab === 'raw'} />
        )}
      </div>
    </>
  );
}

function Pending({ problem, onRetry }: { problem: string | null; onRetry: () => void }) {
  if (problem === null) return <span className="skel mx-5 my-1 h-2 w-40" />;
  return (
    <p className="note px-5">
      {problem}.{' '}
      <button type="button" className="u" onClick={onRetry}>
        Try again
      </button>
    </p>
  );
}

function Headers({ headers }: { headers: readonly HeaderWire[] }) {
  if (headers.length === 0) return <p className="note px-5">The record has no headers.</p>;
  return headers.map((header, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: headers may repeat and never move.
    <div key={`${i}${header.name}`} className="ln pl-5">
      <Identifier text={header.name} className="p" />
      <span className="p">: </span>
      <span className="v">{header.value === null ? 'null' : safeText(header.value.text, 2000)}</span>
      {header.value?.encoding === 'base64' ? <span className="p"> base64</span> : null}
    </div>
  ));
}

const MISSING_WORDS = {
  expired: 'Key, headers and payload have expired; the event and its hops are kept longer.',
  checksum:
    'The stored bytes of this record are damaged (checksum) and are not shown. The event and its hops are whole.',
  layout: 'The stored bytes of this record are damaged (layout) and are not shown. The event and its hops are whole.',
  lost: 'The stored bytes of this record are lost, although they have not expired. The event and its hops are whole.',
} as const;

/** Characters of raw text drawn at once. */
const RAW_LIMIT = 200_000;

function Value({ event, raw }: { event: EventDetail; raw: boolean }) {
  const { payload } = event;
  if (payload === null) return <p className="note px-5">The record has no value (a tombstone).</p>;
  return (
    <>
      {raw || payload.encoding !== 'json' || payload.truncated ? (
        <pre className="ln whitespace-pre-wrap break-all pl-5 text-ink-1">{payload.text.slice(0, RAW_LIMIT)}</pre>
      ) : (
        <PayloadTree text={payload.text} />
      )}
      <p className="note px-5 pt-2">
        {formatBytes(payload.bytes)}
        {payload.encoding === 'base64' ? ', shown as base64: not text' : ''}
        {payload.truncated || payload.text.length > RAW_LIMIT ? ', cut here' : ''}
      </p>
    </>
  );
}
