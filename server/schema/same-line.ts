import type { CompiledSchema } from './compile-schema.ts';
import { compareVersions, type Version } from './version.ts';

/** Whether two schemas are versions of one: they name an event type both, or without types a topic, reference or dialect. */
export function isSameLine(a: CompiledSchema, b: CompiledSchema): boolean {
  const [one, other] = [a.document.purpose, b.document.purpose];
  const share = (left: readonly string[], right: readonly string[]) => left.some((name) => right.includes(name));
  if (one.eventTypes.length > 0 && other.eventTypes.length > 0) return share(one.eventTypes, other.eventTypes);
  return (
    share(one.topics, other.topics) || share(one.references, other.references) || share(one.dialects, other.dialects)
  );
}

/** The schemas for the same events, the newest version first; one without a version counts as the oldest. */
export function lineOf(schema: CompiledSchema, known: readonly CompiledSchema[]): readonly CompiledSchema[] {
  return known
    .filter((other) => isSameLine(other, schema))
    .sort((a, b) => compareVersions(versionOf(b) ?? NONE, versionOf(a) ?? NONE));
}

/** Of the schemas for the same events the newest that is older than this one; null where no version says so. */
export function olderThan(schema: CompiledSchema, known: readonly CompiledSchema[]): CompiledSchema | null {
  const version = versionOf(schema);
  if (version === null) return null;
  const isOlder = (its: Version | null) => its !== null && compareVersions(its, version) < 0;
  return lineOf(schema, known).find((other) => isOlder(versionOf(other))) ?? null;
}

/** Nothing is newer than a schema without a version. */
export function isNotNewer(other: CompiledSchema, schema: CompiledSchema): boolean {
  const version = versionOf(schema);
  return version === null || compareVersions(versionOf(other) ?? NONE, version) <= 0;
}

const NONE: Version = [0];

function versionOf({ document }: CompiledSchema): Version | null {
  return document.purpose.version;
}
