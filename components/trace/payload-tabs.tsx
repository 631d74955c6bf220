'use client';

import { useMemo } from 'react';
import type { Loaded } from '@/components/live/loaded.ts';
import { formatBytes } from '@/components/ui/format-number.ts';
import { PendingNote } from '@/components/ui/pending-note.tsx';
import { safeText } from '@/components/ui/safe-text.ts';
import type { Reason } from '@/server/model/reason.ts';
import type { ViolationError } from '@/server/model/violation-wire.ts';
import type { DecodedPayload, EventDetail, HeaderWire, PayloadMissing } from '@/server/model/wire.ts';
import { PayloadTree } from './payload-tree.tsx';
import { RecordHeaders } from './record-headers.tsx';
import { schemaMarks } from './schema-marks.ts';

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
          <RecordHeaders headers={headers} />
        ) : data.value === null ? (
          <PendingNote problem={data.problem} onRetry={onRetry} />
        ) : (
          <Value event={data.value} raw={tab === 'raw'} />
        )}
      </div>
    </>
  );
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
  const decoded = raw ? undefined : payload.decoded;
  const { errors } = event.schema;
  return (
    <>
      {decoded !== undefined ? (
        <Text json={!decoded.truncated} text={decoded.text} errors={errors} />
      ) : (
        <Text json={!raw && payload.encoding === 'json' && !payload.truncated} text={payload.text} errors={errors} />
      )}
      {decoded !== undefined ? <DecodedNote decoded={decoded} /> : null}
      <p className="note px-5 pt-2">
        {formatBytes(payload.bytes)}
        {decoded === undefined && payload.encoding === 'base64' ? ', shown as base64: not text' : ''}
        {(decoded ?? payload).truncated || (decoded ?? payload).text.length > RAW_LIMIT ? ', cut here' : ''}
      </p>
      {decoded === undefined && event.reason !== null && UNREAD_WORDS[event.reason] !== undefined ? (
        <p className="note px-5">{UNREAD_WORDS[event.reason]}</p>
      ) : null}
    </>
  );
}

function Text({ json, text, errors }: { json: boolean; text: string; errors: readonly ViolationError[] }) {
  const marks = useMemo(() => schemaMarks(errors), [errors]);
  if (json) return <PayloadTree text={text} marks={marks} />;
  return <pre className="ln whitespace-pre-wrap break-all pl-5 text-ink-1">{text.slice(0, RAW_LIMIT)}</pre>;
}

const FORMAT_WORDS = { avro: 'Avro', protobuf: 'Protobuf', 'json schema': 'JSON Schema' } as const;

function DecodedNote({ decoded: { format, schema } }: { decoded: DecodedPayload }) {
  return (
    <p className="note px-5 pt-2">
      {FORMAT_WORDS[format]}, schema {safeText(schema.id)} of {safeText(schema.registry)}; the bytes are under Raw.
    </p>
  );
}

/** Why a value is not shown decoded. */
const UNREAD_WORDS: Partial<Record<Reason, string>> = {
  'not json': 'It begins like JSON and is none.',
  'invalid utf-8': 'It begins like JSON, but its bytes are no UTF-8.',
  'json too deep': 'It is nested too deep to be read.',
  'too large to decode': 'It is too large to be decoded; its bytes are kept as they came.',
  'plain text': 'It is plain text.',
  binary: 'It is in no format that is known here, and names no schema.',
  'unknown schema': 'It names a schema that the registry does not have.',
  'registry unreachable': 'The schema registry could not be asked for its schema when it came.',
  'no registry': 'It names a schema, but no registry is configured (SCHEMAREGISTRY_URLS).',
  'unusable schema': 'The schema that it names cannot be used.',
  'schema mismatch': 'Its bytes do not fit the schema that they name.',
  'no such message': 'It names a message that its schema does not have.',
};
