import type { Metadata } from 'next';
import { MISSING } from '@/components/live/loaded.ts';
import { TracePage } from '@/components/trace/trace-page.tsx';
import { idFromSegments } from '@/components/trace/trace-path.ts';
import { safeText } from '@/components/ui/safe-text.ts';
import { web } from '@/server/runtime/web.ts';
import { attempt } from '../../attempt.ts';

type Params = Promise<{ id: string[] }>;

export async function generateMetadata({ params }: { params: Params }): Promise<Metadata> {
  return { title: `Trace ${safeText(idFromSegments((await params).id), 12)}` };
}

export default async function Page({ params }: { params: Params }) {
  const id = idFromSegments((await params).id);
  const { reads } = web();
  const trace = await attempt(() => reads.trace(nameOf(id), { includePayload: false, limit: 1000 }));
  if (trace.kind === 'ready' && trace.value === null) {
    const nearest = await attempt(() => reads.nearestIds(id));
    return <TracePage key={id} id={id} initial={MISSING} nearest={nearest.value ?? []} />;
  }
  const initial =
    trace.kind === 'ready' && trace.value !== null
      ? { ...trace, value: trace.value }
      : { kind: 'failed' as const, value: null, problem: trace.problem ?? '' };
  return <TracePage key={id} id={id} initial={initial} nearest={[]} />;
}

/** `key:` and 32 hex digits name a trace by its key, anything else by its id. */
function nameOf(id: string): { readonly id: string } | { readonly key: string } {
  const hex = /^key:([0-9a-fA-F]{32})$/.exec(id)?.[1]?.toLowerCase();
  return hex === undefined ? { id } : { key: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') };
}
