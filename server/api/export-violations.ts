import type { ViolationEvent } from '../model/violation-wire.ts';
import type { Reads } from '../ports/reads.ts';
import type { ViolationFilter } from '../ports/violations.ts';
import type { Handler } from './api-deps.ts';
import { violationFilter } from './list-violations.ts';
import { parseQuery } from './parse-query.ts';
import { violationExportQuery } from './queries.ts';
import { csvHead, toCsv, toNdjson } from './violation-export.ts';

/** Events read at once: as many are in memory, however slowly the file is taken. */
const PAGE = 200;

const FORMATS = {
  ndjson: { type: 'application/x-ndjson; charset=utf-8', head: () => '', textOf: toNdjson },
  csv: { type: 'text/csv; charset=utf-8; header=present', head: csvHead, textOf: toCsv },
} as const;

/** `GET /violations/export`: the events of the log as a file, the newest first, read as it is taken. */
export const exportViolations: Handler = async (request, { reads, clock }) => {
  const parsed = parseQuery(request, violationExportQuery);
  if (!parsed.ok) return parsed.refusal;
  const { format = 'ndjson', ...query } = parsed.query;
  const filter = violationFilter(query, clock);
  if (!filter.ok) return filter.refusal;
  const { type, head, textOf } = FORMATS[format];
  const pages = pagesOf(reads, filter.filter);
  // What cannot be read at all is still said as a problem, not as a file that breaks off.
  const first = request.method === 'HEAD' ? null : await pages.next();
  return new Response(bodyOf(head(), first, pages, textOf), {
    headers: {
      'content-type': type,
      'content-disposition': `attachment; filename="violations.${format}"`,
      'cache-control': 'no-store',
    },
  });
};

type Page = readonly ViolationEvent[];

async function* pagesOf(reads: Reads, filter: Omit<ViolationFilter, 'limit' | 'cursor'>): AsyncGenerator<Page, void> {
  let cursor: string | null = null;
  do {
    const page: { violations: Page; next_cursor: string | null } = await reads.violationEvents({
      ...filter,
      limit: PAGE,
      ...(cursor !== null && { cursor }),
    });
    yield page.violations;
    cursor = page.next_cursor;
  } while (cursor !== null);
}

function bodyOf(
  head: string,
  first: IteratorResult<Page, void> | null,
  pages: AsyncGenerator<Page, void>,
  textOf: (event: ViolationEvent) => string,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let next = first;
  let before = head;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const page = next ?? (await pages.next());
      next = null;
      const text = before + (page.done ? '' : page.value.map(textOf).join(''));
      before = '';
      if (text !== '') controller.enqueue(encoder.encode(text));
      if (page.done) controller.close();
    },
    async cancel() {
      await pages.return();
    },
  });
}
