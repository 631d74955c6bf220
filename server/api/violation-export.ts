import type { ViolationEvent } from '../model/violation-wire.ts';

/** Columns of the log as CSV: a row for each thing that is wrong, with what tells its event. */
export const CSV_COLUMNS = [
  ...['occurred_at', 'stored_at', 'event_type', 'service', 'topic', 'partition', 'offset', 'id', 'event_id'],
  ...['correlation_id', 'trace_key', 'path', 'rule', 'sentence', 'was', 'near_miss', 'schema', 'schema_version'],
] as const;

/** An event as a line of NDJSON, as the API answers it. */
export function toNdjson(event: ViolationEvent): string {
  return `${JSON.stringify(event)}\n`;
}

/** The head of the CSV (RFC 4180). */
export function csvHead(): string {
  return csvRow(CSV_COLUMNS);
}

/** An event as rows of CSV, one for each thing that is wrong with it. */
export function toCsv(event: ViolationEvent): string {
  const { occurred_at, stored_at, event_type, service, topic, partition, offset, id, event_id } = event;
  const about = [occurred_at, stored_at, event_type, service, topic, `${partition}`, offset, id, event_id];
  return event.errors
    .map(({ path, rule, sentence, was, near_miss, schema }) =>
      csvRow([
        ...[...about, event.correlation_id, event.trace_key, path, rule, sentence, was, near_miss],
        ...[schema?.name ?? null, schema?.version ?? null],
      ]),
    )
    .join('');
}

function csvRow(cells: readonly (string | null)[]): string {
  return `${cells.map(cell).join(',')}\r\n`;
}

/**
 * Always quoted. What a spreadsheet would take for a formula gets an apostrophe before it: texts are those of strangers
 * (OWASP, "CSV Injection").
 */
function cell(text: string | null): string {
  if (text === null) return '';
  const safe = /^[\s"']*[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
