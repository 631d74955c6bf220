import type { Json } from '../../model/json.ts';
import { printValue } from '../../model/print-value.ts';
import { compareSchemas } from '../../schema/compare-schemas.ts';
import type { CompiledSchema } from '../../schema/compile-schema.ts';
import { isNotNewer, lineOf } from '../../schema/same-line.ts';
import type { Verdict } from '../../schema/schema-atom.ts';
import type { Compatibility } from './check-options.ts';
import type { CompatibilityReport, DirectionReport } from './report.ts';

const SHOWN_EXAMPLE = 2_000;

/**
 * The known version that a new one follows: of the schemas for the same events the newest that is not newer than it; where
 * all are, the newest. Null when there is none.
 */
export function versionBefore(schema: CompiledSchema, known: readonly CompiledSchema[]): CompiledSchema | null {
  const line = lineOf(schema, known);
  return line.find((other) => isNotNewer(other, schema)) ?? line[0] ?? null;
}

/**
 * The types of a schema's events as they may be stored: with a version behind them where they are of several words, since
 * schemas name types without it.
 */
export function typesToAskFor({ document }: CompiledSchema): string[] {
  const { eventTypes, version } = document.purpose;
  const majors = new Set([1, version?.[0] ?? 1, Math.max(1, (version?.[0] ?? 1) - 1)]);
  return eventTypes.flatMap((type) =>
    type.includes('.') ? [type, ...[...majors].map((major) => `${type}.v${major}`)] : [type],
  );
}

/** A schema, and the file that it is in, as it was named. */
export interface NamedSchema {
  readonly schema: CompiledSchema;
  readonly file: string;
}

/** Compares a new version with the one before; the two must describe the same part of an event for that. */
export function compareVersionsOf(
  now: NamedSchema,
  before: (NamedSchema & { readonly isNamed: boolean }) | null,
  required: Compatibility,
  limit: number,
): CompatibilityReport {
  const named = { schema: nameOf(now), at: now.schema.document.purpose.at, required };
  if (before === null) return { ...named, against: null, ...UNDECIDED, reasons: ['no version before'] };
  const against = { ...nameOf(before), origin: before.isNamed ? ('named' as const) : before.schema.document.origin };
  const [older, newer] = [before.schema.document, now.schema.document];
  if (older.purpose.at.join(' ') !== newer.purpose.at.join(' ')) {
    return { ...named, against, ...UNDECIDED, reasons: ['other part of the event'] };
  }
  const { backward, forward, examples, changes, hasMore, reasons } = compareSchemas(older.root, newer.root);
  return {
    ...named,
    against,
    backward: direction(backward, examples.backward),
    forward: direction(forward, examples.forward),
    reasons,
    changes: changes.slice(0, limit).map(({ mayBreak, ...change }) => ({ ...change, may_break: mayBreak })),
    has_more_changes: hasMore || changes.length > limit,
  };
}

function direction(verdict: Verdict, example: Json): DirectionReport {
  return { verdict, example: verdict === 'no' ? printValue(example, SHOWN_EXAMPLE).text : null };
}

const UNKNOWN: DirectionReport = { verdict: 'unknown', example: null };
const UNDECIDED = { backward: UNKNOWN, forward: UNKNOWN, changes: [], has_more_changes: false };

function nameOf({ schema, file }: NamedSchema): { readonly file: string; readonly version: string | null } {
  return { file, version: schema.document.purpose.versionText };
}

/** Whether what has to hold does. */
export function isCompatible({ backward, forward, required }: CompatibilityReport, allowUnknown: boolean): boolean {
  const holds = ({ verdict }: DirectionReport) => verdict === 'yes' || (verdict === 'unknown' && allowUnknown);
  switch (required) {
    case 'backward':
      return holds(backward);
    case 'forward':
      return holds(forward);
    case 'full':
      return holds(backward) && holds(forward);
    case 'none':
      return true;
  }
}
