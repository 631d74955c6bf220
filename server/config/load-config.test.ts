import { describe, expect, test } from 'vitest';
import { describeConfig } from './describe-config.ts';
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

  test('uses TLS when told to', () => {
    const trusting = config({ env: { ...cluster, KAFKA_TLS_ENABLED: 'true' } });
    expect(trusting.kafka?.tls).toEqual({ caFilePath: null, client: null });
    expect(config({ env: cluster }).kafka?.tls).toBeNull();
  });

  test('signs in by a token', () => {
    const oauth = {
      KAFKA_SASL_MECHANISM: 'OAUTHBEARER',
      KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL: 'https://id.example/token',
      KAFKA_SASL_OAUTHBEARER_CLIENT_ID: 'tap',
      KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET_FILE: '/run/secret',
    };
    expect(config({ env: { ...cluster, ...oauth }, files: { '/run/secret': 's3\n' } }).kafka?.sasl).toEqual({
      mechanism: 'OAUTHBEARER',
      tokenUrl: 'https://id.example/token',
      clientId: 'tap',
      clientSecret: 's3',
      scope: null,
    });
  });

  test('may be reached elsewhere than it says', () => {
    const env = { ...cluster, KAFKA_BROKER_ADDRESS_MAP: 'Kafka:29092=localhost:9092, [fd00::1]:9092=10.0.0.1:9092' };
    expect([...(config({ env }).kafka?.addressMap ?? [])]).toEqual([
      ['kafka:29092', 'localhost:9092'],
      ['[fd00::1]:9092', '10.0.0.1:9092'],
    ]);
  });
});

describe('settings of Kafka that do not fit together are refused', () => {
  const password = { KAFKA_SASL_USERNAME: 'tap', KAFKA_SASL_PASSWORD: 'hidden' };
  const tokenUrl = (url: string) => ({ KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL: url });
  const httpsAlone = 'TOKEN_ENDPOINT_URL must be an https address without user and password (http only on loopback)';

  test.each<[Record<string, string>, string]>([
    [{ KAFKA_SASL_USERNAME: 'tap' }, 'KAFKA_SASL_MECHANISM and KAFKA_SASL_PASSWORD is not set'],
    [tokenUrl('https://x/'), 'KAFKA_SASL_MECHANISM is not set, but KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL is'],
    [{ KAFKA_SASL_MECHANISM: 'PLAIN', KAFKA_SASL_USERNAME: 'tap' }, 'KAFKA_SASL_PASSWORD is not set'],
    [{ KAFKA_SASL_MECHANISM: 'PLAIN', ...password, ...tokenUrl('https://x/') }, 'a sign-in by PLAIN has no use for it'],
    [{ KAFKA_SASL_MECHANISM: 'OAUTHBEARER', ...tokenUrl('https://x/') }, 'CLIENT_ID and KAFKA_SASL_OAUTHBEARER_CLIENT'],
    [{ KAFKA_SASL_MECHANISM: 'AWS_MSK_IAM' }, 'KAFKA_SASL_AWS_MSK_IAM_REGION is not set'],
    [{ KAFKA_SASL_MECHANISM: 'AWS_MSK_IAM', KAFKA_SASL_AWS_MSK_IAM_REGION: 'eu-central-1' }, 'with TLS alone'],
    [{ KAFKA_SASL_MECHANISM: 'GSSAPI' }, 'KAFKA_SASL_MECHANISM must be PLAIN, SCRAM-SHA-256'],
    [tokenUrl('http://id.example/token'), httpsAlone],
    [tokenUrl('https://user:pw@id.example/token'), httpsAlone],
    [{ KAFKA_TLS_ENABLED: 'false', KAFKA_TLS_CAFILEPATH: 'ca.pem' }, 'KAFKA_TLS_ENABLED is false. Unset one'],
    [{ KAFKA_TLS_CERTFILEPATH: 'c.pem' }, 'KAFKA_TLS_CERTFILEPATH is set, but KAFKA_TLS_KEYFILEPATH is not'],
    [{ KAFKA_TLS_KEYFILEPATH: 'k.pem' }, 'KAFKA_TLS_KEYFILEPATH is set, but KAFKA_TLS_CERTFILEPATH is not'],
    [{ KAFKA_TLS_KEYPASSWORD: 'hidden' }, 'KAFKA_TLS_KEYPASSWORD is set, but KAFKA_TLS_KEYFILEPATH is not'],
    [{ KAFKA_TLS_CAFILEPATH: 'gone.pem' }, 'KAFKA_TLS_CAFILEPATH names /here/gone.pem, which cannot be read (ENOENT)'],
    [{ KAFKA_TLS_CAFILEPATH: 'note.txt' }, 'KAFKA_TLS_CAFILEPATH names /here/note.txt, which holds no PEM certificate'],
    [{ KAFKA_TLS_CERTFILEPATH: 'note.txt', KAFKA_TLS_KEYFILEPATH: 'note.txt' }, 'which holds no PEM certificate'],
    [{ KAFKA_BROKER_ADDRESS_MAP: 'kafka:29092' }, 'must be a list of advertised:port=reachable:port'],
    [{ KAFKA_BROKER_ADDRESS_MAP: 'kafka=localhost:1' }, 'must be a list of advertised:port=reachable:port'],
    [{ KAFKA_BROKER_ADDRESS_MAP: 'a:1=b:2,A:1=b:3' }, 'KAFKA_BROKER_ADDRESS_MAP names A:1 twice'],
  ])('%j', (env, sentence) => {
    const found = problems({ env: { KAFKA_BROKERS: 'one:9092', ...env }, files: { '/here/note.txt': 'not a PEM' } });
    expect(found.join('\n')).toContain(sentence);
    expect(found.join('\n')).not.toContain('hidden');
  });

  test('without a cluster', () => {
    expect(problems({ env: { KAFKA_BROKER_ADDRESS_MAP: 'a:1=b:2', KAFKA_TLS_CERTFILEPATH: 'c.pem' } })).toContain(
      'KAFKA_BROKERS is not set, but KAFKA_BROKER_ADDRESS_MAP, KAFKA_TLS_CERTFILEPATH is. Set KAFKA_BROKERS, or unset the rest.',
    );
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

  test('declares what follows in a flow, how soon and by whom', () => {
    const steps = '[{type: asked}, {type: stamped, within: 5s, service: stamper, group: dev.stamper}]';
    const read = config({ files: files(`flows: [{name: Ask, starts_with: asked, steps: ${steps}}]\n`) });
    expect(read.flows[0]?.steps).toEqual([
      { eventType: 'asked', withinMs: 30_000, service: null, group: null },
      { eventType: 'stamped', withinMs: 5000, service: 'stamper', group: 'dev.stamper' },
    ]);
  });

  test('declares owners and systems, in the order of the file', () => {
    const read = config({
      files: files(
        'owners:\n- {team: b, contact: "#b", run_book: "https://b/x", services: [one]}\n- {team: a, topics: ["^x"]}\nsystems: {s: [one, "^two"]}\n',
      ),
    });
    expect(read.ownership).toEqual({
      owners: [
        { team: 'b', contact: '#b', runBook: 'https://b/x', services: ['one'], topics: [] },
        { team: 'a', contact: null, runBook: null, services: [], topics: ['^x'] },
      ],
      systems: [{ name: 's', services: ['one', '^two'] }],
    });
    expect(config({}).ownership).toEqual({ owners: [], systems: [] });
  });

  test('declares whose groups are, in the order of the file', () => {
    const read = config({
      files: files('groups:\n- {group: "^etl", service: orders}\n- {group: etl-2, service: mail}\n'),
    });
    expect(read.groups).toEqual([
      { group: '^etl', service: 'orders' },
      { group: 'etl-2', service: 'mail' },
    ]);
    expect(config({}).groups).toEqual([]);
  });

  test('declares which topics are dead-letter queues, and who works them off', () => {
    const read = config({
      files: files('dead_letters:\n  queues: [graveyard]\n  triage:\n  - {queue: "^orders", groups: [triage]}\n'),
    });
    const none = { queues: [], quarantine: [], retries: [], mirrors: [], ignore: [], triage: [] };
    expect(read.deadLetters).toEqual({
      ...{ ...none, queues: ['graveyard'] },
      triage: [{ queue: '^orders', groups: ['triage'] }],
    });
    expect(describeConfig(read)).toEqual(
      expect.arrayContaining([
        expect.stringContaining('dead_letters.queues "graveyard"'),
        expect.stringContaining('dead_letters.triage "^orders" = "triage"'),
      ]),
    );
    expect(config({}).deadLetters).toEqual(none);
  });

  test('declares objectives of hops, flows and replies, in the order of the file', () => {
    const read = config({
      files: files(
        'objectives:\n  hops: [{event_type: order.placed, p95: 50ms}, {event_type: "order.*", p95: 250ms}]\n  flows: [{starts_with: order.placed, p95: 5s}]\n  replies: [{event_type: quality.assess.requested, p95: 2s}]\n',
      ),
    });
    expect(read.objectives).toEqual({
      hops: [
        { eventType: 'order.placed', p95Ms: 50 },
        { eventType: 'order.*', p95Ms: 250 },
      ],
      flows: [{ eventType: 'order.placed', p95Ms: 5000 }],
      replies: [{ eventType: 'quality.assess.requested', p95Ms: 2000 }],
    });
    expect(config({}).objectives).toEqual({ hops: [], flows: [], replies: [] });
    expect(config({ files: files('objectives: {flows: []}\n') }).objectives.hops).toEqual([]);
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
    ['flows: [{name: a, starts_with: b, steps: [{typ: c}]}]', '"flows.0.steps.0.typ". Did you mean "type"?'],
    ['flows: [{name: a, starts_with: b, steps: [{type: c, within: soon}]}]', '"flows.0.steps.0.within" is no duration'],
    [
      '# first\nowners:\n- team: a\n  contacts: b\n',
      'throughline.yaml:4: unknown key "owners.0.contacts". Did you mean "contact"?',
    ],
    ['owners: [{team: a, services: [b], run_book: "javascript:alert(1)"}]', 'must be an http or https address'],
    ['owners: [{team: a}]', 'throughline.yaml:1: owners.0 owns nothing'],
    ['owners:\n- team: a\n  services:\n  - b\n  - (c+)+\n', 'throughline.yaml:5: owners.0.services[1]: The pattern'],
    ['systems:\n  a: ["("]\n', 'throughline.yaml:2: systems.a[0]: “(” is no regular expression'],
    ['group: []', '"group". Did you mean "groups"?'],
    ['groups: [{groups: a, service: b}]', '"groups.0.groups". Did you mean "group"?'],
    ['dead_letters: {queue: [a]}', '"dead_letters.queue". Did you mean "queues"?'],
    ['dead_letters: {triage: [{queue: a}]}', '"dead_letters.triage.0.groups" must be a list'],
    ['dead_letters: {triage: [{queue: a, groups: []}]}', '"dead_letters.triage.0.groups" must name a group'],
    ['dead_letters: {mirrors: ["("]}', 'dead_letters.mirrors.0'],
    ['groups: [{group: a}]', '"groups.0.service" must be a text'],
    ['groups: {a: b}', '"groups" must be a list'],
    [
      'groups:\n- service: b\n  group: (a+)+\n',
      'throughline.yaml:3: groups.0.group: The pattern “(a+)+” repeats a group that repeats',
    ],
    ['systems: [a]', '"systems" must have names with lists of services'],
    ['objective: {}', '"objective". Did you mean "objectives"?'],
    ['objectives: {hop: []}', '"objectives.hop". Did you mean "hops"?'],
    ['objectives: {hops: [{event_typ: a, p95: 1s}]}', '"objectives.hops.0.event_typ". Did you mean "event_type"?'],
    ['objectives: {flows: [{start_with: a, p95: 1s}]}', '"objectives.flows.0.start_with". Did you mean "starts_with"?'],
    ['objectives: {replies: [{event_type: a, p99: 1s}]}', '"objectives.replies.0.p99". Did you mean "p95"?'],
    [
      'objectives: {hops: [{event_type: a, p95: 250}]}',
      '"objectives.hops.0.p95" is no duration; write a number and ms',
    ],
    ['objectives: {hops: [{event_type: a}]}', '"objectives.hops.0.p95" is no duration'],
    ['objectives: {hops: [{event_type: 5, p95: 1s}]}', '"objectives.hops.0.event_type" must be a text'],
    ['objectives: {hops: {event_type: a}}', '"objectives.hops" must be a list'],
    [
      'objectives:\n  flows:\n  - p95: 1s\n    starts_with: (a+)+\n',
      'throughline.yaml:4: objectives.flows.0.starts_with: The pattern “(a+)+” repeats a group',
    ],
    ['topics: {excludes: []}', '"topics.excludes". Did you mean "exclude"?'],
    ['topics: {include: ["("]}', '"topics.include.0" is no regular expression.'],
    [
      'topics: {include: ["(a+)+"]}',
      '"topics.include.0" repeats a group that repeats or chooses itself: on some names that could take too long; write several simpler patterns, or use exclude.',
    ],
    ['topics: {exclude: [a, "a*a*a*a*"]}', '"topics.exclude.1" repeats too often; use fewer of “*”'],
    ['topics: {include: ["(?!_).*"]}', '"topics.include.0" looks around'],
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

describe('dialects of throughline.yaml', () => {
  const files = (text: string) => ({ '/here/throughline.yaml': text });
  const dialect = (more: string) =>
    files(`dialects:\n  - name: mine\n    rules: { correlation_id: [body /a] }\n${more}`);

  test('are read with the line they begin in, and tried in their order', () => {
    const text = `# ours
dialects:
  - name: orders-v2
    title: Orders
    when: [body has /meta/id, "topic ^orders\\\\."]
    rules:
      event_id: [body /meta/id]
      trace_id: [header traceparent as w3c-trace-id]

  - { name: last, rules: {} }
`;
    expect(config({ files: files(text) }).dialects).toEqual([
      {
        name: 'orders-v2',
        title: 'Orders',
        when: ['body has /meta/id', 'topic ^orders\\.'],
        rules: { eventId: ['body /meta/id'], traceId: ['header traceparent as w3c-trace-id'] },
        line: 3,
      },
      { name: 'last', title: 'last', when: [], rules: {}, line: 10 },
    ]);
    expect(config({}).dialects).toEqual([]);
  });

  test.each([
    ['    wen: []', 'unknown key "dialects.0.wen". Did you mean "when"?'],
    ['    when: [body contains /a]', ':2: dialect "mine", when[0]: '],
    ['    when: body has /a', '"dialects.0.when" must be a list.'],
    ['  - name: mine\n    rules: {}', ':4: dialect "mine": there is another one of this name above.'],
    ['  - name: onex-envelope-v1\n    rules: {}', 'the name is that of a built-in dialect; choose another one.'],
    ['  - name: none\n    rules: {}', 'the name is that of a built-in dialect; choose another one.'],
    ['  - name: My Dialect\n    rules: {}', '"dialects.1.name" must be lower-case letters, digits and dashes.'],
    [
      '  - name: b\n    rules: { corelation_id: [body /a] }',
      'unknown field "corelation_id". Did you mean "correlation_id"?',
    ],
    ['  - name: b\n    rules: { xyzzy: [body /a] }', 'unknown field "xyzzy". Known are event_id, event_type'],
    ['  - name: b\n    rules: { trace_id: [header a as w4c] }', ':4: dialect "b", rules.trace_id[0]: '],
    ['  - name: b\n    rules: { event_id: [body a/b] }', ':4: dialect "b", rules.event_id[0]: '],
    [`  - name: b\n    rules: { event_id: [${'body /a, '.repeat(21)}] }`, 'has more than 20 entries'],
    [Array.from({ length: 50 }, (_, n) => `  - { name: d-${n}, rules: {} }`).join('\n'), 'has more than 50 dialects'],
  ])('with %j are refused in one sentence', (more, sentence) => {
    const found = problems({ files: dialect(more) });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(sentence);
    expect(found[0]).toMatch(/^\/here\/throughline\.yaml.*[.?]$/);
  });
});
