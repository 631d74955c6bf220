import { isJsonObject, type Json, type JsonObject, ownValue } from '../model/json.ts';
import { pointerKeys, splitPointer } from '../model/json-pointer.ts';
import { printValue } from '../model/print-value.ts';
import type { ClauseLine } from '../model/violation-wire.ts';
import { drawnKeywords } from './drafts.ts';
import type { Clause } from './find-clauses.ts';
import { lookUp } from './look-up.ts';

/** Characters of one line; of the rule itself more are shown. */
const LONGEST_LINE = 160;
const LONGEST_RULE = 1_000;
/** Keywords beside the rule, and fields of `properties`, that are shown. */
const MOST_KEYWORDS = 12;
const MOST_FIELDS = 8;

/**
 * The schema in which a rule stands, as lines of JSON without what says nothing about a value. The rule is marked; of a
 * wide schema what lies around `key` is shown, which is the field that the rule is about.
 */
export function clauseLines({ document, pointer }: Clause, key: string | null): readonly ClauseLine[] {
  const place = splitPointer(pointer);
  const holder = place === null ? undefined : lookUp(document.root, pointerKeys(place.holder));
  if (place === null || !isJsonObject(holder)) {
    return [line(0, printed(lookUp(document.root, pointerKeys(pointer)) ?? null, LONGEST_RULE), true)];
  }
  const said = drawnKeywords(document.draft);
  const names = Object.keys(holder).filter((name) => name === place.key || Object.hasOwn(said, name));
  const shown = around(names, place.key, MOST_KEYWORDS);
  return [
    line(0, '{'),
    ...shown.flatMap((name) => memberLines(holder, name, name === place.key, key)),
    ...(shown.length < names.length ? [line(1, '…')] : []),
    line(0, '}'),
  ];
}

/** A rule by itself, as JSON; null where it does not stand. */
export function clauseText({ document, pointer }: Clause): string | null {
  const value = lookUp(document.root, pointerKeys(pointer));
  return value === undefined ? null : printed(value, LONGEST_RULE);
}

function memberLines(holder: JsonObject, name: string, isRule: boolean, key: string | null): readonly ClauseLine[] {
  const value = ownValue(holder, name) ?? null;
  if (name !== 'properties' || isRule || !isJsonObject(value)) {
    return [line(1, `${JSON.stringify(name)}: ${printed(value, isRule ? LONGEST_RULE : LONGEST_LINE)}`, isRule)];
  }
  const fields = around(Object.keys(value), key, MOST_FIELDS);
  return [
    line(1, '"properties": {'),
    ...fields.map((field) =>
      line(2, `${printed(field, LONGEST_LINE)}: ${printed(ownValue(value, field) ?? null, LONGEST_LINE)}`),
    ),
    ...(fields.length < Object.keys(value).length ? [line(2, '…')] : []),
    line(1, '}'),
  ];
}

/** At most `most` names, in their order, with `wanted` among them. */
function around(names: readonly string[], wanted: string | null, most: number): readonly string[] {
  const at = wanted === null ? 0 : Math.max(0, names.indexOf(wanted));
  const from = Math.max(0, Math.min(at - Math.floor(most / 2), names.length - most));
  return names.slice(from, from + most);
}

function line(depth: number, text: string, isRule = false): ClauseLine {
  return { depth, text, is_rule: isRule };
}

function printed(value: Json, limit: number): string {
  const { text, truncated } = printValue(value, limit);
  return truncated ? `${text}…` : text;
}
