import type { DriftList, DriftWire } from '../../server/model/drift-wire.ts';
import { type Micros, micros, microsToRfc3339 } from '../../server/model/time.ts';

const HOUR_US = 3_600_000_000;

/** One of each kind, some hours ago. */
export function sampleDrift(from: Micros, to: Micros): Omit<DriftList, 'as_of' | 'coverage'> {
  const ago = (hours: number) => microsToRfc3339(micros(to - hours * HOUR_US));
  const drifts: DriftWire[] = [
    {
      ...{ event_type: 'CODEGEN_COMPLETED', path: '/payload/quality_score', kind: 'changed type', since: ago(1) },
      sentence: '“/payload/quality_score” changed type: number before, string now.',
      before: { events: 412, present: 412, types: ['number'] },
      now: { events: 96, present: 96, types: ['string'] },
      services: ['omniarchon'],
      samples: { before: 'sample/codegen-responses~1/0/1201', now: 'sample/codegen-responses~1/0/1840' },
    },
    {
      ...{ event_type: 'METADATA_STAMP_CREATED', path: '/payload/file_size', kind: 'vanished', since: ago(3) },
      sentence: '“/payload/file_size” vanished: in none of 240 events, and in all of 1380 events before.',
      before: { events: 1380, present: 1380, types: ['integer'] },
      now: { events: 240, present: 0, types: [] },
      services: ['metadata-stamper', 'omninode-bridge'],
      samples: { before: 'sample/metadata-stamps~1/1/88', now: null },
    },
    {
      ...{ event_type: 'QUALITY_ASSESSMENT_COMPLETED', path: '/payload/labels', kind: 'appeared', since: ago(5) },
      sentence: '“/payload/labels” appeared, as object: in 61 of 240 events, and in none of 900 before.',
      before: { events: 900, present: 0, types: [] },
      now: { events: 240, present: 61, types: ['object'] },
      services: [],
      samples: { before: null, now: 'sample/quality-assessments~1/3/501' },
    },
  ];
  return {
    ...{ from: microsToRfc3339(from), to: microsToRfc3339(to), learned_from: ago(24 * 8), drifts, more: false },
    ...{ event_types: { sampled: 14, judged: 11 }, sampled_events: '18204' },
  };
}
