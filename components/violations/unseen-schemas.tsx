'use client';

import { type Column, DataTable } from '@/components/ui/data-table.tsx';
import { Identifier } from '@/components/ui/identifier.tsx';
import { safeText } from '@/components/ui/safe-text.ts';
import { schemaWords } from '@/components/ui/schema-words.ts';
import type { SchemaList } from '@/server/model/violation-wire.ts';

type Schema = SchemaList['schemas'][number];

/** Schemas in force for event types of which none was seen. */
export function UnseenSchemas({ schemas }: { schemas: readonly Schema[] }) {
  if (schemas.length === 0) return null;
  return (
    <>
      <div className="sec">
        <h3>Schemas without an event in this range</h3>
        <span className="sp m">{schemas.length}</span>
      </div>
      <DataTable label="Schemas without an event" columns={COLUMNS} rows={schemas} keyOf={({ name }) => name} />
    </>
  );
}

const COLUMNS: readonly Column<Schema>[] = [
  {
    name: 'Schema',
    width: 'w-[330px] max-[599px]:w-[50%]',
    title: ({ name }) => safeText(name),
    cell: (schema) => <span className="m el block">{safeText(schemaWords(schema))}</span>,
  },
  {
    name: 'For events of type',
    ink: 'f1',
    cell: ({ event_types }) => (
      <span className="el block">
        <Identifier text={event_types.join(', ')} className="m" />
      </span>
    ),
  },
  {
    name: 'Source',
    phoneOff: true,
    ink: 't12 f1',
    title: ({ source }) => (source === null ? undefined : safeText(source, 1000)),
    cell: ({ source, title }) => (
      <span className="el block">
        {source === null && title === null ? '–' : <Identifier text={source ?? title ?? ''} />}
      </span>
    ),
  },
];
