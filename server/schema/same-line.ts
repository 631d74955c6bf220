import type { CompiledSchema } from './compile-schema.ts';

/** Whether two schemas are versions of one: they name an event type both, or without types a topic, reference or dialect. */
export function isSameLine(a: CompiledSchema, b: CompiledSchema): boolean {
  const [one, other] = [a.document.purpose, b.document.purpose];
  const share = (left: readonly string[], right: readonly string[]) => left.some((name) => right.includes(name));
  if (one.eventTypes.length > 0 && other.eventTypes.length > 0) return share(one.eventTypes, other.eventTypes);
  return (
    share(one.topics, other.topics) || share(one.references, other.references) || share(one.dialects, other.dialects)
  );
}
