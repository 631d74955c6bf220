import { describe, expect, test } from 'vitest';
import { type Config, loadConfig } from './load-config.ts';

interface Given {
  readonly env?: Record<string, string>;
  readonly files?: Record<string, string>;
}

function load({ env = {}, files = {} }: Given) {
  return loadConfig({
    env,
    workingDir: '/here',
    platform: { platform: 'linux', home: '/home/ada', isRoot: false },
    readFile: (path) => {
      const text = files[path];
      if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
      return text;
    },
  });
}

function config(given: Given): Config {
  const result = load(given);
  if (!result.ok) throw new Error(result.problems.join('\n'));
  return result.config;
}

function problems(given: Given): readonly string[] {
  const result = load(given);
  return result.ok ? [] : result.problems;
}

describe('without any variable', () => {
  test('everything is embedded, on loopback, in the folders of the platform', () => {
    const standard = config({});
    expect(standard.kafka).toBeNull();
    expect(standard.databaseUrl).toBeNull();
    expect(standard.source).toBe('embedded');
    expect(standard.http).toEqual({ host: '127.0.0.1', port: 3000, allowedHosts: [] });
    expect(standard.dataDir).toBe('/home/ada/.local/share/throughline');
    expect(standard.tap.start).toEqual({ kind: 'beginning' });
  });

  test('the configuration is frozen all the way down', () => {
    const standard = config({});
    expect(() => Object.assign(standard.http, { port: 1 })).toThrow(TypeError);
    expect(() => Object.assign(standard.tap.start, { kind: 'end' })).toThrow(TypeError);
  });
});

describe('a named cluster', () => {
  const cluster = { KAFKA_BROKERS: 'one:9092, two:9093' };

  test('is read as far back as events are kept, unless told otherwise', () => {
    expect(config({ env: cluster }).kafka?.brokers).toEqual(['one:9092', 'two:9093']);
    expect(config({ env: cluster }).tap.start).toEqual({ kind: 'ago', ms: 30 * 86_400_000 });
    expect(config({ env: { ...cluster, TAP_START: 'beginning' } }).tap.start).toEqual({ kind: 'beginning' });
    expect(config({ env: { ...cluster, TAP_START: '12h' } }).tap.start).toEqual({ kind: 'ago', ms: 43_200_000 });
  });

  test('its first backfill is capped, unless told otherwise; that of the embedded Kafka is not', () => {
    const capOf = (env: Record<string, string>) => config({ env }).tap.backfillBytesPerS;
    expect(capOf({})).toBeNull();
    expect(capOf(cluster)).toBe(33_554_432);
    expect(
      ['0', 'none', '512KiB', '2g', '1000'].map((text) => capOf({ ...cluster, TAP_BACKFILL_BYTES_PER_S: text })),
    ).toEqual([null, null, 524_288, 2_147_483_648, 1000]);
    expect(problems({ env: { ...cluster, TAP_BACKFILL_BYTES_PER_S: 'fast' } })[0]).toContain(
      'TAP_BACKFILL_BYTES_PER_S must',
    );
  });

  test('takes a password from a file, without its last line break', () => {
    const env = { ...cluster, KAFKA_SASL_MECHANISM: 'scram-sha-256', KAFKA_SASL_USERNAME: 'tap' };
    const { kafka, sources } = config({
      env: { ...env, KAFKA_SASL_PASSWORD_FILE: '/run/pw' },
      files: { '/run/pw': 's3\n' },
    });
    expect(kafka?.sasl).toEqual({ mechanism: 'SCRAM-SHA-256', username: 'tap', password: 's3' });
    expect(sources.KAFKA_SASL_PASSWORD).toEqual({ kind: 'file', path: '/run/pw' });
  });

  test('needs all of a sign-in', () => {
    expect(problems({ env: { ...cluster, KAFKA_SASL_USERNAME: 'tap' } })).toEqual([
      expect.stringContaining('KAFKA_SASL_MECHANISM and KAFKA_SASL_PASSWORD is not set'),
    ]);
  });

  test('uses TLS as soon as an authority is named', () => {
    expect(config({ env: { ...cluster, KAFKA_TLS_CAFILEPATH: 'ca.pem' } }).kafka?.tls).toEqual({
      caFilePath: '/here/ca.pem',
    });
    expect(config({ env: cluster }).kafka?.tls).toBeNull();
  });
});

describe('a mistake is refused', () => {
  test('every bad variable at once, each with its remedy', () => {
    const found = problems({ env: { PORT: '70000', KAFKA_BROKERS: 'http://x', TAP_START: 'soon', HOST: '0.0.0.0' } });
    expect(found).toHaveLength(4);
    expect(found.join('\n')).toMatch(/PORT must be a whole number from 1 to 65535/);
    expect(found.join('\n')).toMatch(/TAP_START must be "beginning", "end" or a duration/);
    expect(found.join('\n')).toMatch(/KAFKA_BROKERS must be a list of host:port/);
  });

  test.each(['0.0.0.0', '::', '192.168.1.5', 'example.com', '127.0.0.1.evil.example', '1270.0.0.1'])(
    'a HOST others can reach: %s',
    (HOST) => {
      expect(problems({ env: { HOST } })).toEqual([expect.stringMatching(/no sign-in.*SSH tunnel.*authenticates/)]);
    },
  );

  test.each(['127.0.0.1', 'localhost', '::1', '127.1.2.3'])('but not the loopback address %s', (HOST) => {
    expect(problems({ env: { HOST } })).toEqual([]);
  });

  test.each([
    ['THROUGHLINE_DATADIR', 'THROUGHLINE_DATA_DIR'],
    ['TAP_STRAT', 'TAP_START'],
    ['KAFKA_BROKER', 'KAFKA_BROKERS'],
    ['DATABASE_URL_FIL', 'DATABASE_URL_FILE'],
  ])('the unknown variable %s, with the nearest right name', (wrong, right) => {
    expect(problems({ env: { [wrong]: 'x' } })).toEqual([expect.stringContaining(`Did you mean ${right}?`)]);
  });

  test('an unknown variable that is like none of ours points to the list', () => {
    expect(problems({ env: { THROUGHLINE_ZZZZZZZZZZZZZZZZZZZZ: 'x' } })).toEqual([
      expect.stringContaining('docs/configuration.md'),
    ]);
  });

  test('variables of other programs are left alone, and an empty text counts as not set', () => {
    expect(
      problems({ env: { KAFKA_HOME: '/opt/kafka', KAFKA_HEAP_OPTS: '-Xmx1g', DATABASE_HOST: 'x', PORT: '' } }),
    ).toEqual([]);
  });

  test('a secret given twice, or from a file that is not there', () => {
    const url = 'postgres://u:secretword@db/x';
    expect(problems({ env: { DATABASE_URL: url, DATABASE_URL_FILE: '/f' } })).toEqual([
      'DATABASE_URL and DATABASE_URL_FILE are both set. Unset one of them.',
    ]);
    expect(problems({ env: { DATABASE_URL_FILE: '/f' } })).toEqual([expect.stringContaining('ENOENT')]);
  });

  test('a bad secret is never repeated in the message', () => {
    expect(problems({ env: { DATABASE_URL: 'mysql://u:secretword@db/x' } }).join()).not.toContain('secretword');
  });
});

describe('throughline.yaml', () => {
  const files = (text: string) => ({ '/here/throughline.yaml': text });

  test('declares flows, topics, the cluster’s name and the episode gap', () => {
    const read = config({
      files: files(
        'cluster: {name: staging}\nepisode_gap: 5m\ntopics: {include: ["orders\\\\..*"], exclude: [".*-audit"]}\nflows:\n- {name: Ask, starts_with: asked, ends_with: [stored]}\n',
      ),
    });
    expect(read.clusterName).toBe('staging');
    expect(read.episodeGapMs).toBe(300_000);
    expect(read.flows).toEqual([{ name: 'Ask', startsWith: 'asked', endsWith: ['stored'] }]);
    expect(read.topics.include?.map((pattern) => pattern.test('orders.eu'))).toEqual([true]);
    expect(read.topics.include?.map((pattern) => pattern.test('my.orders.eu'))).toEqual([false]);
  });

  test('says how long things are kept, and how much they may take', () => {
    const day = 86_400_000;
    expect(config({}).retention).toEqual({
      ageMs: { payload: 7 * day, events: 30 * day, aggregates: 400 * day },
      payloadBytes: null,
      totalBytes: null,
    });
    const read = config({
      files: files('retention: {payload: 12h, events: 3d, payload_size: 1.5GB, total_size: 2 TB}\n'),
    });
    expect(read.retention).toEqual({
      ageMs: { payload: day / 2, events: 3 * day, aggregates: 400 * day },
      payloadBytes: 1.5e9,
      totalBytes: 2e12,
    });
  });

  test('refuses payloads kept longer than their events, and events longer than their counts', () => {
    expect(problems({ files: files('retention: {events: 3d, aggregates: 36h}\n') })).toEqual([
      '/here/throughline.yaml: retention.payload (7 days, the default) is longer than retention.events (3 days). Shorten the one or lengthen the other.',
      '/here/throughline.yaml: retention.events (3 days) is longer than retention.aggregates (1.5 days). Shorten the one or lengthen the other.',
    ]);
  });

  test.each([
    ['retention: {event: 3d}', '"retention.event". Did you mean "events"?'],
    ['retention: {payload_size: 50}', '"retention.payload_size"'],
    ['retention: {payload_size: 50 apples}', 'is no size; write a number and MB, GB or TB'],
    ['flow: []', '"flow". Did you mean "flows"?'],
    ['flows: [{name: a, start_with: b}]', '"flows.0.start_with". Did you mean "starts_with"?'],
    ['topics: {excludes: []}', '"topics.excludes". Did you mean "exclude"?'],
    ['topics: {include: ["("]}', 'is no regular expression'],
    ['episode_gap: soon', 'is no duration'],
    ['a: [', 'is no YAML'],
  ])('refuses %s', (text, message) => {
    expect(problems({ files: files(text) }).join('\n')).toContain(message);
  });

  test('may be empty, but not missing where it is named', () => {
    expect(config({ files: files('# nothing yet\n') }).flows).toEqual([]);
    expect(problems({ env: { THROUGHLINE_CONFIG: 'mine.yaml' } })).toEqual([
      'THROUGHLINE_CONFIG names /here/mine.yaml, which cannot be read (ENOENT). Correct it or unset it.',
    ]);
  });
});
