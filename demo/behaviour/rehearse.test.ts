import { describe, expect, it } from 'vitest';
import { type RehearsedRecord, rehearse } from './rehearse.ts';

const script = { seed: 7, startMs: Date.UTC(2025, 9, 18, 10, 45), askingMs: 600_000, perMinute: 40 };
const { records, truth } = rehearse(script);

describe('ten rehearsed minutes of conversation', () => {
  it('is the same for the same seed and another for another seed', () => {
    expect(rehearse({ ...script, askingMs: 20_000 })).toEqual(rehearse({ ...script, askingMs: 20_000 }));
    expect(rehearse({ ...script, askingMs: 20_000, seed: 8 })).not.toEqual(rehearse({ ...script, askingMs: 20_000 }));
  });

  it('brings every request to a reply, and says the whole story for the good ones', () => {
    const typesById = groupBy(truth, (line) => line.correlation_id);
    const requests = truth.filter((line) => line.type === 'CODEGEN_REQUESTED');
    expect(requests.length).toBeGreaterThan(300);
    const endings = requests.map((request) => {
      const types = new Set(typesById.get(request.correlation_id)?.map((line) => line.type));
      if (types.has('CODEGEN_FAILED')) return types.size === 4 ? 'failed' : 'broken';
      return types.size === 8 && types.has('CODEGEN_COMPLETED') ? 'completed' : 'broken';
    });
    expect(endings).not.toContain('broken');
    expect(endings.filter((ending) => ending === 'failed').length).toBeGreaterThan(10);
  });

  it('touches all ten topics', () => {
    expect(new Set(records.map((record) => record.topic)).size).toBe(10);
  });

  it('names for every cause a record that was sent before and belongs to the same conversation', () => {
    const places = new Map(truth.map((line, i) => [place(line), { line, i }]));
    truth.forEach((line, i) => {
      if (line.caused_by === null) return;
      const cause = places.get(place(line.caused_by));
      expect(cause?.line.correlation_id).toBe(line.correlation_id);
      expect(cause?.line.event_id).toBe(line.caused_by_event_id);
      expect(cause?.i).toBeLessThan(i);
    });
    const roots = new Set(truth.filter((line) => line.caused_by === null).map((line) => line.type));
    expect(roots).toEqual(new Set(['CODEGEN_REQUESTED', 'NODE_INTROSPECTION', 'NODE_HEARTBEAT']));
  });

  it('has late, overtaken and doubled records', () => {
    const delaysMs = records.map((record) => script.startMs + record.atMs - occurredMs(record));
    expect(delaysMs.filter((ms) => ms >= 20_000 && ms <= 60_010).length).toBeGreaterThan(5);
    expect(delaysMs.every((ms) => ms >= 0)).toBe(true);
    const ids = truth.map((line) => line.event_id).filter((id) => id !== null);
    expect(ids.length - new Set(ids).size).toBeGreaterThan(20);
    const overtaken = [...groupBy(records, (record) => record.key).values()].filter(notInOrder);
    expect(overtaken.length).toBeGreaterThan(20);
  });

  it('keeps hop times between a few milliseconds and a few seconds', () => {
    const byPlace = new Map(records.map((record) => [place(record), record]));
    const hopsMs = truth.flatMap((line) => {
      const cause = line.caused_by === null ? undefined : byPlace.get(place(line.caused_by));
      const effect = byPlace.get(place(line));
      return cause === undefined || effect === undefined ? [] : [occurredMs(effect) - occurredMs(cause)];
    });
    expect(Math.min(...hopsMs)).toBeGreaterThan(0);
    expect(Math.max(...hopsMs)).toBeLessThan(4_000);
  });
});

function groupBy<T>(list: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of list) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

function place(at: { topic: string; partition: number; offset: string }): string {
  return `${at.topic}/${at.partition}/${at.offset}`;
}

function occurredMs(record: RehearsedRecord): number {
  return Date.parse(JSON.parse(record.value).timestamp);
}

function notInOrder(of: readonly RehearsedRecord[]): boolean {
  return of.some((record, i) => i > 0 && occurredMs(record) < occurredMs(of[i - 1] ?? record));
}
