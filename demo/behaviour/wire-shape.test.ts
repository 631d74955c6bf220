import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRecording } from '../../server/source/replay/read-recording.ts';
import { isJsonObject } from '../contracts/json.ts';
import { assess } from './answer.ts';
import { askForValidationWrongly } from './ask.ts';
import { seededChance } from './chance.ts';
import { rehearse } from './rehearse.ts';

const demo = path.resolve(import.meta.dirname, '..');
const samples = lines('samples/omninode.jsonl').filter((sample) => String(sample.name).startsWith('S'));
const around = { nowMs: Date.UTC(2025, 9, 18), chance: seededChance(3) };
const { records } = rehearse({ seed: 3, startMs: around.nowMs, askingMs: 300_000, perMinute: 40 });

describe('what the demo puts on the wire', () => {
  it.each(samples.map((sample) => [String(sample.name), sample]))('has the shape of sample %s', (_name, sample) => {
    const wanted = JSON.parse(String(sample.value));
    const alike = records.filter(({ topic, value }) => {
      return topic === sample.topic && JSON.parse(value).event_type === wanted.event_type;
    });
    expect(alike.length).toBeGreaterThan(0);
    const shapes = alike.map(({ value }) => JSON.parse(value)).filter((body) => !isInline(body));
    expect(shapes.map(shapeOf)).toContainEqual(shapeOf(wanted));
    expect(Object.keys(shapes[0])).toEqual(Object.keys(wanted));
    expect(timeForm(shapes[0].timestamp)).toBe(timeForm(wanted.timestamp));
  });

  it('answers a validation that lacks code_content with the error of sample S11', () => {
    const { topic, body, type, correlationId } = askForValidationWrongly(around);
    const { payload } = body;
    expect(payload).toMatchObject({ code: expect.any(String) });
    const heard = { topic, type, correlationId, eventId: null, payload: isJsonObject(payload) ? payload : {} };
    const [failure, ...more] = assess(heard, around);
    expect(more).toEqual([]);
    expect(failure).toMatchObject({ topic: 'codegen-errors', type: 'CODEGEN_FAILED', correlationId });
    expect(JSON.stringify(failure?.body)).toContain('Missing code_content in request');
  });
});

describe('the recording', () => {
  it('holds two minutes of conversation on ten topics, as the replay reads it, in the order of time, in 300 KB', async () => {
    const file = path.join(demo, 'recording/conversations.ndjson');
    const recording = await readRecording(file);
    const times = recording.records.map(({ atMs }) => atMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.at(-1)).toBeGreaterThan(120_000);
    expect(recording.periodMs).toBeLessThan(124_000);
    expect(new Set(recording.records.map(({ topic }) => topic)).size).toBe(10);
    for (const { value } of recording.records) expect(value).toContain('"correlation_id"');
    expect(recording.records[0]?.value).toContain(new Date(recording.startedAtMs).toISOString().slice(0, 19));
    expect(readFileSync(file).length).toBeLessThan(300 * 1024);
  });
});

function lines(file: string): Record<string, unknown>[] {
  const text = readFileSync(path.join(demo, file), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** The field names of a value with the kinds of their values; of a list only that it is one. */
function shapeOf(value: unknown): unknown {
  if (!isJsonObject(value)) return Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shapeOf(inner)]));
}

/** Capabilities differ from node to node; an inline workflow says so in its free-form metadata. */
function isInline(body: { payload: { workflow_execution_data?: { metadata?: { mode?: string } } } }): boolean {
  return body.payload.workflow_execution_data?.metadata?.mode === 'inline';
}

function timeForm(time: string): string {
  return time.replaceAll(/\d/g, '0');
}
