import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { askForValidationWrongly } from '../../demo/behaviour/ask.ts';
import { seededChance } from '../../demo/behaviour/chance.ts';
import { rehearse } from '../../demo/behaviour/rehearse.ts';
import { compileRules } from '../envelope/compile-rules.ts';
import { resolveEnvelope } from '../envelope/resolve-envelope.ts';
import type { Json } from '../model/json.ts';
import { pointerKeys } from '../model/json-pointer.ts';
import { readTopicName } from '../model/topic-name.ts';
import { checkChosen, chooseSchemas, type EventCheck } from './check-event.ts';
import type { CompiledSchema } from './compile-schema.ts';
import { lookUp } from './look-up.ts';
import { mutationsOf } from './mutations.test-support.ts';
import { buildSchemaSet } from './schema-set.ts';
import { shippedSchemas } from './schemas.test-support.ts';
import { SHIPPED_EVENTS } from './shipped-events.test-support.ts';
import { statedSchema } from './stated-schema.ts';
import { validate } from './validate-value.ts';

const SET = buildSchemaSet(shippedSchemas());
const BY_ID = SET.schemas.map((schema) => [schema.document.id, schema] as const);
const RULES = compileRules([]);

function checkRecord(topic: string, body: Json): EventCheck {
  const name = readTopicName(topic);
  const envelope = resolveEnvelope(body, { headers: [] }, name, RULES);
  const facts = {
    ...statedSchema(body, () => null),
    wire: null,
    eventType: envelope.eventType ?? topic,
    topic: name,
    dialect: envelope.resolution.dialect,
  };
  return checkChosen(chooseSchemas(facts, SET), { body, bytes: JSON.stringify(body).length, exact: false });
}

function partOf({ document }: CompiledSchema, body: Json): string[] {
  const pointer = document.purpose.at.find((at) => lookUp(body, pointerKeys(at)) !== undefined);
  return pointerKeys(pointer ?? '');
}

describe('the schemas that are shipped', () => {
  it('are all compiled, and say what they are, where they are from, and what they are for', () => {
    expect(SET.broken).toEqual([]);
    for (const { document } of SET.schemas) {
      expect(document.title, document.id).toMatch(/\w{3}/);
      expect(document.description, document.id).toMatch(/(20\d\d|report|demo)/);
      expect(document.purpose.versionText, document.id).toMatch(/^\d+\.\d+\.\d+$/);
      const { eventTypes, topics, dialects } = document.purpose;
      expect(eventTypes.length + topics.length + dialects.length, document.id).toBeGreaterThan(0);
      expect(document.draft).toBe('2020-12');
    }
  });

  it('each have an event that fits', () => {
    expect(Object.keys(SHIPPED_EVENTS).sort()).toEqual(BY_ID.map(([id]) => id).sort());
  });

  it.each(BY_ID)('%s finds each rule that an event breaks, where it is broken', (id, schema) => {
    const body = SHIPPED_EVENTS[id] ?? null;
    const check = (changed: Json) => validate(schema, { body: changed, bytes: 1_000, exact: false });
    expect(check(body)).toEqual({ kind: 'ok' });
    const mutations = mutationsOf(schema.document.root, body, partOf(schema, body));
    expect(mutations.length).toBeGreaterThanOrEqual(5);
    for (const mutation of mutations) {
      const verdict = check(mutation.body);
      const errors = verdict.kind === 'violation' ? verdict.errors : [];
      const found = errors.map(({ path, rule }) => `${path} ${rule}`);
      expect([mutation.path, mutation.rule, found]).toEqual([
        mutation.path,
        mutation.rule,
        expect.arrayContaining([`${mutation.path} ${mutation.rule}`]),
      ]);
    }
  });
});

describe('the events of the demo', () => {
  const { records } = rehearse({ seed: 7, startMs: Date.UTC(2025, 9, 18), askingMs: 600_000, perMinute: 60 });

  it('fit their schemas, all of them', () => {
    const unfit = records.flatMap(({ topic, value }) => {
      const check = checkRecord(topic, JSON.parse(value) as Json);
      return check.status === 'ok' ? [] : [`${topic} ${JSON.stringify(check)}`.slice(0, 500)];
    });
    expect(unfit).toEqual([]);
    expect(new Set(records.map(({ topic }) => topic)).size).toBe(10);
  });

  it('break them where the producer never agreed with its consumer: code, where code_content is read', () => {
    const around = { nowMs: Date.UTC(2025, 9, 18), chance: seededChance(7) };
    const { topic, body } = askForValidationWrongly(around);
    const check = checkRecord(topic, body);
    const [broken] = check.status === 'violation' ? check.broken : [];
    expect(broken?.schema.document.id).toBe('omninode/codegen-validate-request');
    expect(broken?.errors).toEqual([
      {
        path: '/payload/code_content',
        rule: 'required',
        schemaPath: '#/required',
        sentence: 'payload.code_content is missing; "code" is there and may be meant',
        was: null,
        nearMiss: 'code',
      },
    ]);
  });
});

describe('the sample events', () => {
  const samples = readFileSync(path.resolve(import.meta.dirname, '../../demo/samples/omninode.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { name: string; topic: string; value: string })
    // X is for values that are no JSON.
    .filter(({ name }) => !name.startsWith('X'));

  it.each(samples.map(({ name, topic, value }) => [name, topic, value]))('%s on %s fits', (_name, topic, value) => {
    const check = checkRecord(topic, JSON.parse(value) as Json);
    expect([check.status, check.status === 'violation' ? check.broken : []]).toEqual(['ok', []]);
  });
});

describe('what the schemas of the ecosystem say', () => {
  it.each([
    [
      'metadata-stamps',
      'omninode/metadata-stamp-created',
      ['payload', 'file_hash'],
      `blake3:${'0'.repeat(64)}`,
      /^payload\.file_hash must be 64–128 hex digits, was "blake3:0/,
    ],
    [
      'quality-assessments',
      'omninode/code-assessment-requested',
      ['payload', 'content'],
      ' \n',
      /^payload\.content must be code that is more than white space/,
    ],
    [
      'workflow-executions',
      'omninode/workflow-completed',
      ['payload', 'workflow_execution_data', 'execution_time_ms'],
      12.5,
      /must be a whole number, was 12\.5$/,
    ],
    [
      'pattern-feedback',
      'omninode/pattern-feedback-recorded',
      ['payload', 'quality_rating'],
      5.5,
      /^payload\.quality_rating must be at most 5, was 5\.5$/,
    ],
  ] as const)('on %s', (_topic, id, keys, value, sentence) => {
    const schema = BY_ID.find(([name]) => name === id)?.[1];
    const body = structuredClone(SHIPPED_EVENTS[id]) as { [key: string]: Json };
    let around = body as { [key: string]: unknown };
    for (const key of keys.slice(0, -1)) around = around[key] as { [key: string]: unknown };
    around[keys.at(-1) ?? ''] = value;
    const verdict = schema && validate(schema, { body, bytes: 1_000, exact: false });
    expect(verdict?.kind === 'violation' && verdict.errors[0]?.sentence).toMatch(sentence);
  });

  it('a time without its zone fits where their models take it, and a stamp of the bridge stands in either place', () => {
    const body = SHIPPED_EVENTS['omninode/state-transition'] ?? null;
    expect(checkRecord('dev.omninode-bridge.orchestrator.state-transition.v1', body).status).toBe('ok');
  });
});
