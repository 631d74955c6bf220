import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ResolvedFields } from '../model/event.ts';
import { readTopicName } from '../model/topic-name.ts';
import { BUILT_IN_DIALECTS } from './built-in/built-in-dialects.ts';
import { compileRules, FIELDS } from './compile-rules.ts';
import { ENVELOPES } from './envelopes.test-support.ts';
import { resolveEnvelope } from './resolve-envelope.ts';

const RULES = compileRules([]);

describe('what is written in a dialect is found again', () => {
  it.each(Object.keys(ENVELOPES))('%s', (dialect) => {
    const written = ENVELOPES[dialect];
    if (written === undefined) throw new Error('there is a generator');
    fc.assert(
      fc.property(written, ({ topic: name, body, headers, fields }) => {
        const topic = readTopicName(name);
        const { resolution, ...envelope } = resolveEnvelope(body, { headers }, topic, RULES);
        const nothing: Partial<ResolvedFields> = Object.fromEntries(FIELDS.map((field) => [field, null]));
        const expected = { ...nothing, eventType: topic.type, service: topic.service, ...fields };
        expect({ dialect: resolution.dialect, ...envelope }).toMatchObject({ dialect, ...expected });
      }),
      { numRuns: 200 },
    );
  });

  it('every built-in dialect has a generator, and a name of its own', () => {
    expect(Object.keys(ENVELOPES).toSorted()).toEqual(BUILT_IN_DIALECTS.map(({ name }) => name).toSorted());
  });
});
