'use client';

import { fetchApi, LOADING } from '@/components/live/loaded.ts';
import { useLiveData } from '@/components/live/use-live-data.ts';
import type { SchemaName, SchemaSays, ViolationGroup } from '@/server/model/violation-wire.ts';
import { saysPath } from './violations-query.ts';
import { BESIDE_SCHEMAS } from './violations-words.ts';

/** What is known of the rule that a group breaks. */
export type SaysState =
  /** It has no schema, or breaks what stands in none. */
  | { readonly kind: 'no rule' }
  /** Its schema is not in force any more, or not in this version. */
  | { readonly kind: 'not in force'; readonly origin: SchemaName['origin'] }
  | { readonly kind: 'asked'; readonly problem: string | null; readonly refresh: () => void }
  | { readonly kind: 'said'; readonly value: SchemaSays };

/** Asks what the schema of a group says of the rule it breaks; it does not change while the server runs. */
export function useSchemaSays({ schema, path, rule }: ViolationGroup): SaysState {
  const asked = schema === null || BESIDE_SCHEMAS.has(rule) ? null : saysPath(schema, { path, rule });
  const { data, refresh } = useLiveData<SchemaSays | null>({
    query: asked ?? '',
    initial: LOADING,
    load: async (signal) => (asked === null ? null : fetchApi<SchemaSays>(asked, signal)),
    watch: '',
    everyMs: 60_000,
  });
  if (schema === null || asked === null) return { kind: 'no rule' };
  if (data.kind === 'missing') return { kind: 'not in force', origin: schema.origin };
  return data.value === null ? { kind: 'asked', problem: data.problem, refresh } : { kind: 'said', value: data.value };
}
