import { symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../../config/project-root.ts';
import { type Folder, makeFolder, order, orderSchema, stamp } from './check.test-support.ts';
import type { CheckReport } from './report.ts';

let folder: Folder;
beforeAll(() => {
  folder = makeFolder();
});
afterAll(() => folder.remove());

function lines(...values: unknown[]): string {
  return values.map((value) => `${typeof value === 'string' ? value : JSON.stringify(value)}\n`).join('');
}

function failed({ failures }: CheckReport): unknown[] {
  return failures.map(({ place, status, errors }) => [
    `${place.file}:${place.line}${place.item === null ? '' : `[${place.item}]`}`,
    status,
    errors.map(({ path: at, rule }) => `${at} ${rule}`),
  ]);
}

describe('events', () => {
  test('of one file, of a list and of lines are each held against the schema of their type', async () => {
    const good = stamp();
    const bad = stamp('blake3:0');
    folder.write('one.json', JSON.stringify(bad, null, 2));
    folder.write('list.json', `[\n${JSON.stringify(good)},\n\n${JSON.stringify(bad)}]`);
    folder.write('lines.ndjson', lines(good, '', bad).replaceAll('\n', '\r\n'));
    const report = await folder.check(['one.json', 'list.json', 'lines.ndjson']);
    expect(failed(report)).toEqual([
      ['one.json:1', 'violation', ['/payload/file_hash pattern']],
      ['list.json:4[1]', 'violation', ['/payload/file_hash pattern']],
      ['lines.ndjson:3', 'violation', ['/payload/file_hash pattern']],
    ]);
    expect(report.counts).toMatchObject({ files: 3, events: 5, ok: 2, violation: 3, unchecked: 0 });
    expect(report).toMatchObject({ result: 'failed', exit_code: 1, failures_left_out: 0 });
    expect(report.schemas.used).toEqual([
      { schema: 'omninode/metadata-stamp-created', version: '1.0.0', ok: 2, violations: 3 },
    ]);
  });

  test('are found in folders by their names, and what is no sample there is counted', async () => {
    folder.write('tree/a/b/x.jsonl', lines(stamp()));
    folder.write('tree/README.md', 'no event');
    folder.write('tree/node_modules/y.json', stamp('no'));
    symlinkSync(path.join(folder.path, 'tree'), path.join(folder.path, 'tree/a/round'));
    const report = await folder.check(['tree/']);
    expect(report.counts).toMatchObject({ files: 1, files_passed_over: 3, ok: 1 });
  });

  test('are read from the standard input, one a line', async () => {
    const report = await folder.check(['-'], { stdin: lines(stamp(), stamp('no')) });
    expect(failed(report)).toEqual([['-:2', 'violation', ['/payload/file_hash pattern']]]);
  });

  test('without a schema are said and counted, and fail only where a schema is asked for', async () => {
    folder.write('unknown.ndjson', lines(order({ event_type: 'a.b' }), order({ event_type: 'a.b' }), { any: 1 }));
    const report = await folder.check(['unknown.ndjson']);
    expect(report).toMatchObject({ result: 'ok', exit_code: 0, counts: { unchecked: 3, ok: 0 } });
    expect(report.unchecked).toEqual([
      {
        why: 'no schema is for “a.b”, and its topic is not known',
        events: 2,
        first: { file: 'unknown.ndjson', line: 1, item: null },
      },
      expect.objectContaining({ why: 'no schema is for an event that names no type, and its topic is not known' }),
    ]);
    const strict = await folder.check(['--require-schema', 'unknown.ndjson']);
    expect(strict).toMatchObject({ exit_code: 1, failures: [{ status: 'unchecked' }, {}, {}] });
  });

  test('that name no topic have the one that is given', async () => {
    folder.write('plain.json', { payload: { file_hash: 'no' } });
    expect((await folder.check(['plain.json'])).counts.unchecked).toBe(1);
    const report = await folder.check(['--topic', 'metadata-stamps', 'plain.json']);
    expect(report.failures[0]).toMatchObject({ topic: 'metadata-stamps', status: 'violation' });
  });

  test('that are no JSON are unreadable, with the line of the mistake', async () => {
    folder.write('torn.json', '{\n  "a": 1,\n}');
    const report = await folder.check(['--topic', 't', 'torn.json']);
    expect(report.failures[0]).toMatchObject({
      status: 'unreadable',
      why: 'the value cannot be read: not json; in its line 3, “}” stands where a key in quotation marks was expected',
    });
    expect(report.exit_code).toBe(1);
  });

  test('that name an unknown schema fail', async () => {
    folder.write('named.json', order({ schema_ref: 'registry://nobody/knows/v1' }));
    expect(failed(await folder.check(['named.json']))).toEqual([['named.json:1', 'unknown_reference', []]]);
  });

  test('are not listed without end', async () => {
    folder.write('many.ndjson', lines(...Array.from({ length: 30 }, () => stamp('no'))));
    const report = await folder.check(['--limit', '10', 'many.ndjson']);
    expect([report.failures.length, report.failures_left_out, report.counts.violation]).toEqual([10, 20, 30]);
  });
});

describe('records', () => {
  const value = JSON.stringify(stamp('no'));
  test.each([
    ['with their value as JSON', { topic: 'x', value: stamp('no') }],
    ['with its text', { topic: 'x', key: null, headers: [], value }],
    ['with its text as raw', { topic: 'x', value_raw: value }],
    ['with its bytes', { topic: 'x', value_b64: Buffer.from(value).toString('base64') }],
    ['of kcat -J', { topic: 'x', partition: 0, offset: 1, tstype: 'create', ts: 1, key: null, payload: value }],
    ['of the API', { id: 'c/x~1/0/1', topic: 'x', payload: { encoding: 'json', text: value, truncated: false } }],
  ])('%s are read as records of their topic', async (_form, record) => {
    folder.write('record.json', record);
    const { failures } = await folder.check(['--topic', 'y', 'record.json']);
    expect(failures[0]).toMatchObject({ topic: 'x', event_type: 'METADATA_STAMP_CREATED', status: 'violation' });
  });

  test.each([
    ['an object', { ce_type: 'METADATA_STAMP_CREATED', ce_id: '1' }],
    [
      'pairs',
      [
        ['ce_type', 'METADATA_STAMP_CREATED'],
        ['ce_id', '1'],
      ],
    ],
    ['names and values in turn', ['ce_type', 'METADATA_STAMP_CREATED', 'ce_id', '1']],
    [
      'objects',
      [
        { name: 'ce_type', value: 'METADATA_STAMP_CREATED' },
        { name: 'ce_id', value: { encoding: 'text', text: '1' } },
      ],
    ],
  ])('have their headers as %s', async (_form, headers) => {
    folder.write('headers.json', { topic: 'x', headers, value: { payload: {} } });
    const { failures } = await folder.check(['headers.json']);
    expect(failures[0]).toMatchObject({ event_type: 'METADATA_STAMP_CREATED' });
  });

  test('with headers in no known form are refused', async () => {
    folder.write('odd.json', { topic: 'x', headers: [1], value: {} });
    const report = await folder.check(['odd.json']);
    expect(report.problems).toEqual([{ file: 'odd.json', line: 1, reason: 'its headers are in no known form' }]);
    expect(report.exit_code).toBe(2);
  });

  test('keep every digit, and what their values repeat', async () => {
    folder.write(
      'schemas/paid.json',
      orderSchema('1.0.0', { properties: { n: { const: Number.MAX_SAFE_INTEGER + 1 } } }),
    );
    folder.write(
      'digits.json',
      `{"topic":"t","value": ${JSON.stringify(order({ n: 7 })).replace('7', '9007199254740993')} }`,
    );
    const { failures } = await folder.check(['--schemas', 'schemas', 'digits.json']);
    expect(failures[0]?.errors[0]?.was).toBe('9007199254740993');
  });

  test('whose payload was cut or has expired are not judged', async () => {
    const payload = { encoding: 'json', text: '{', truncated: true };
    folder.write(
      'cut.ndjson',
      lines({ topic: 'x', payload }, { topic: 'x', payload: null, payload_missing: 'expired' }),
    );
    const report = await folder.check(['cut.ndjson']);
    expect(report.unchecked.map(({ why }) => why)).toEqual([
      'its payload was cut',
      'its payload is not stored any more',
    ]);
  });

  test('are bodies where the caller says so: an event may look like a record', async () => {
    folder.write('alike.json', order({ topic: 'metadata-stamps', value: {} }));
    expect((await folder.check(['alike.json'])).counts.violation).toBe(1);
    expect((await folder.check(['--bodies', 'alike.json'])).counts.violation).toBe(0);
  });
});

describe('what is shipped', () => {
  test('the recording of the demo is fine, all of it', async () => {
    const report = await folder.check([path.join(projectRoot(), 'demo/recording')]);
    expect(report).toMatchObject({ exit_code: 0, counts: { unchecked: 0, violation: 0, unreadable: 0 } });
    expect(report.counts.ok).toBeGreaterThan(300);
  });

  test('of the samples only the one that is torn is refused', async () => {
    const report = await folder.check([path.join(projectRoot(), 'demo/samples')]);
    expect(report.failures.map(({ status, topic }) => [status, topic])).toEqual([['unreadable', 'metadata-stamps']]);
  });
});

describe('input that cannot be used', () => {
  test('is named, and the rest is checked all the same', async () => {
    folder.write('good.json', stamp());
    const report = await folder.check(['good.json', 'absent.json']);
    expect(report).toMatchObject({
      exit_code: 2,
      counts: { ok: 1 },
      problems: [{ file: 'absent.json', line: null, reason: 'it cannot be read (ENOENT)' }],
    });
  });

  test('is a folder without any event, so that nothing passes for being checked', async () => {
    folder.write('empty/none.ndjson', '\n');
    expect(await folder.check(['empty'])).toMatchObject({ exit_code: 2, problems: [{ file: 'empty' }] });
  });

  test('is a line or a file that is too long', async () => {
    folder.write('long.ndjson', Buffer.concat([Buffer.alloc(33 * 2 ** 20, 0x61), Buffer.from(`\n${lines(stamp())}`)]));
    folder.write('long.json', Buffer.alloc(33 * 2 ** 20, 0x61));
    const report = await folder.check(['long.ndjson', 'long.json']);
    expect(report.problems).toEqual([
      { file: 'long.ndjson', line: 1, reason: 'the line is longer than 32 MB' },
      expect.objectContaining({ file: 'long.json', reason: expect.stringContaining('longer than 32 MB') }),
    ]);
    expect(report.counts.ok).toBe(1);
  });

  test('is a schema that is broken: named with its line and why, while the others go on', async () => {
    folder.write('broken/a.json', '{\n "type": "object",\n "properties": 1\n}');
    folder.write('broken/b/b.json', '{');
    folder.write('broken/c.json', orderSchema('1.0.0', { required: ['n'] }));
    folder.write('order.json', order({}));
    const report = await folder.check(['--schemas', 'broken', 'order.json']);
    expect(report.schemas.broken).toEqual([
      { file: 'broken/a.json', line: 3, reason: expect.stringMatching(/\w/) },
      { file: 'broken/b/b.json', line: 1, reason: expect.stringMatching(/the end of the file/) },
    ]);
    expect(report.counts.violation).toBe(1);
    expect(report).toMatchObject({ result: 'unusable', exit_code: 2 });
  });

  test('is a second schema of the same name', async () => {
    folder.write('team-a/paid.json', orderSchema('1.0.0', {}));
    folder.write('team-b/paid.json', orderSchema('1.1.0', {}));
    const report = await folder.check(['--schemas', 'team-a', '--schemas', 'team-b']);
    expect(report.problems).toEqual([
      { file: 'team-b/paid.json', line: null, reason: 'a schema of that name is in team-a already' },
    ]);
  });
});

test('the dialects of a configuration file are in force', async () => {
  folder.write(
    'throughline.yaml',
    "dialects:\n  - name: orders\n    when: ['body has /kind']\n    rules:\n      event_type: [body /kind]\n",
  );
  folder.write('own.json', { kind: 'METADATA_STAMP_CREATED', payload: {} });
  expect((await folder.check(['own.json'])).counts.unchecked).toBe(1);
  expect((await folder.check(['--config', 'throughline.yaml', 'own.json'])).counts.violation).toBe(1);
  folder.write('wrong.yaml', 'dialect: []\n');
  expect(await folder.check(['--config', 'wrong.yaml', 'own.json'])).toMatchObject({
    exit_code: 2,
    problems: [{ file: 'wrong.yaml', reason: expect.stringContaining('Did you mean "dialects"?') }],
  });
});
