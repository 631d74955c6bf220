import { durationText } from '@/server/model/duration-text.ts';
import type { LatencyRow, LatencySubject } from '@/server/model/latency-wire.ts';
import { patternOfName } from '@/server/model/name-pattern.ts';
import { OBJECTIVE_LIST } from '@/server/model/objectives.ts';
import { roundStep } from './chart-points.ts';

/** What `throughline.yaml` says for an objective of one event type; null for a name without a character. */
export function objectiveYaml(subject: LatencySubject, eventType: string, p95Ms: number): string | null {
  const pattern = patternOfName(eventType);
  if (pattern === null) return null;
  return [
    'objectives:',
    `  ${OBJECTIVE_LIST[subject]}:`,
    `    - ${subject === 'flow' ? 'starts_with' : 'event_type'}: ${quoted(pattern)}`,
    `      p95: ${durationText(p95Ms)}`,
    '',
  ].join('\n');
}

/** What an objective of a row is begun with: the one it has, else a round one that it meets; empty where it has no p95. */
export function firstObjective({ objective_ms, p95_ms }: LatencyRow): string {
  if (objective_ms !== null) return durationText(objective_ms);
  return p95_ms === null ? '' : durationText(roundStep(Math.max(1, p95_ms)));
}

/** Written so that it is one whatever it holds, and nothing in it is invisible or turns the line around. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\p{C}\p{Zl}\p{Zp}]/gu,
    (character) => `\\U${(character.codePointAt(0) ?? 0).toString(16).padStart(8, '0')}`,
  );
}
