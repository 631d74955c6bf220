import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Folder, makeFolder, orderSchema, stamp } from './check.test-support.ts';
import { readCheckOptions } from './check-options.ts';
import { safeJson } from './terminal-text.ts';

const ESCAPE = '\u001b[31m';
let folder: Folder;
beforeAll(() => {
  folder = makeFolder();
});
afterAll(() => folder.remove());

describe.concurrent('the command, as a process', { timeout: 60_000 }, () => {
  test('ends with 0 and one line of counts when all is well', async ({ expect }) => {
    folder.write('events/good.json', stamp());
    const { code, out, err } = await folder.run(['check', 'events']);
    expect({ code, out, err }).toEqual({ code: 0, out: '1 event in 1 file: 1 ok.\nAll fine.\n', err: '' });
  });

  test('ends with 1 and says what is wrong, where, by which rule', async ({ expect }) => {
    folder.write('bad.ndjson', `${JSON.stringify(stamp('blake3:0'))}\n`.repeat(8));
    const { code, out } = await folder.run(['check', 'bad.ndjson']);
    expect(out.split('\n')).toEqual([
      '✗ bad.ndjson:1  METADATA_STAMP_CREATED',
      '    payload.file_hash must be 64–128 hex digits, was "blake3:0"  (omninode/metadata-stamp-created 1.0.0 #/properties/file_hash/pattern)',
      '    the same of 7 more events: bad.ndjson:2, bad.ndjson:3, bad.ndjson:4, bad.ndjson:5, bad.ndjson:6, 2 more',
      '8 events in 1 file: 8 violations.',
      'Failed.',
      '',
    ]);
    expect(code).toBe(1);
  });

  test('ends with 1 for a version that is not compatible', async ({ expect }) => {
    folder.write('v1.json', orderSchema('1.0.0', { properties: { n: { type: 'integer' } } }));
    folder.write('v2.json', orderSchema('2.0.0', { properties: { n: { type: 'integer' } }, required: ['n'] }));
    const { code, out } = await folder.run(['check', '--schema', 'v2.json', '--against', 'v1.json']);
    expect(out.split('\n')).toEqual([
      'Compatibility of v2.json (2.0.0) with v1.json (1.0.0)',
      '  backward (new readers read old events): no',
      '    for example, as the whole event: {}',
      '  forward (old readers read new events): yes, proven, not asked for',
      '  * “/n” must be there now; it was optional. Readers of the new version can refuse old events.',
      'Failed.',
      '',
    ]);
    expect(code).toBe(1);
  });

  test('ends with 2 for a broken schema and for a command that is none', async ({ expect }) => {
    folder.write('torn/a.json', '{\n  "type": "object",\n}');
    const broken = await folder.run(['check', '--schemas', 'torn', 'events']);
    expect(broken.out).toMatch(/^! torn\/a\.json:3: broken schema: /);
    expect(broken.code).toBe(2);
    expect((await folder.run(['chekc'])).err).toBe('throughline: chekc is no command.\nThe commands are: check.\n');
  });

  test('prints nothing of strangers that a terminal or a CI runner acts on', async ({ expect }) => {
    const name = `a\n::error::${ESCAPE}##[group]`;
    const hostile = {
      [`${ESCAPE}\r\nkey`]: 1,
      event_type: 'METADATA_STAMP_CREATED',
      payload: { file_hash: `${ESCAPE}\u202e` },
    };
    folder.write(`hostile/${name}.json`, { topic: `${ESCAPE}\n::stop-commands::x`, value: hostile });
    folder.write(`hostile/${name}.ndjson`, `{"topic":"x\u009b","value":${ESCAPE}}\n`);
    folder.write(`odd/${name}.json`, `{"${ESCAPE}": ${ESCAPE}}`);
    const { code, out, err } = await folder.run(['check', 'hostile', '--schemas', 'odd']);
    expect({ code, err }).toEqual({ code: 2, err: '' });
    const report = await folder.check(['hostile', '--schemas', 'odd']);
    expect(report.failures[0]?.topic).toBe(`${ESCAPE}\n::stop-commands::x`);
    const json = safeJson(report);
    expect(JSON.parse(json)).toEqual(report);
    for (const printed of [out, json]) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
      expect(printed).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]|##\[/);
      expect(printed).not.toMatch(/^\s*::/m);
    }
  });

  test('reads lines from its input and has a report for machines, whose shape stays', async ({ expect }) => {
    const input = `${JSON.stringify(stamp())}\n${JSON.stringify(stamp('no'))}\n{"topic":"x","value":null}\n`;
    const { code, out } = await folder.run(['check', '-', '--json'], input);
    expect(JSON.parse(out)).toEqual({
      throughline_check: 1,
      result: 'failed',
      exit_code: 1,
      counts: {
        ...{ files: 1, files_passed_over: 0, events: 3 },
        ...{ ok: 1, violation: 1, unknown_reference: 0, unreadable: 0, unchecked: 1, other_type: 0 },
      },
      schemas: {
        usable: expect.any(Number),
        used: [{ schema: 'omninode/metadata-stamp-created', version: '1.0.0', ok: 1, violations: 1 }],
        broken: [],
      },
      problems: [],
      problems_left_out: 0,
      failures: [
        {
          place: { file: '-', line: 2, item: null },
          topic: null,
          event_type: 'METADATA_STAMP_CREATED',
          status: 'violation',
          why: expect.any(String),
          errors: [
            {
              schema: 'omninode/metadata-stamp-created',
              version: '1.0.0',
              path: '/payload/file_hash',
              rule: 'pattern',
              schema_path: '#/properties/file_hash/pattern',
              sentence: 'payload.file_hash must be 64–128 hex digits, was "no"',
              was: '"no"',
              near_miss: null,
            },
          ],
          has_more: false,
        },
      ],
      failures_left_out: 0,
      unchecked: [{ why: 'it has no value', events: 1, first: { file: '-', line: 3, item: null } }],
      unchecked_left_out: 0,
      compatibility: null,
    });
    expect(code).toBe(1);
  });
});

describe('arguments', () => {
  test.each([
    [[], /^Name files/],
    [['a', '--shemas', 'b'], /^--shemas is no option of check. Did you mean --schemas\?$/],
    [['a', '--topic'], /^--topic needs a value\.$/],
    [['a', '--json=yes'], /^--json takes no value\.$/],
    [['a', '--last', '5'], /^--last goes with --schema/],
    [['--schema', 'a', '--compatibility', 'both'], /^--compatibility is one of backward, forward, full, none\.$/],
    [['--schema', 'a', '--last', '0'], /^--last is a number from 1 to 1000\.$/],
    [['--schema', 'a', '--url', 'http://user:secret@host'], /^--url is the address/],
    [['--schema', 'a', '--url', 'file:///etc/passwd'], /^--url is the address/],
    [['a', '--__proto__'], /^--__proto__ is no option/],
    [['-', '-'], /read once/],
  ])('%j are refused with the remedy', (args, problem) => {
    const read = readCheckOptions(args);
    expect(read).toEqual({ kind: 'problems', problems: [expect.stringMatching(problem)] });
    expect(JSON.stringify(read)).not.toContain('secret');
  });
});
