import { expect, test } from 'vitest';
import { describeConfig } from './describe-config.ts';
import { loadConfig } from './load-config.ts';

function describeFor(env: Record<string, string>, settings?: string): string {
  const result = loadConfig({
    env,
    workingDir: '/here',
    platform: { platform: 'linux', home: '/root', isRoot: true },
    readFile: (path) => {
      if (path === '/here/throughline.yaml' && settings !== undefined) return settings;
      if (path === '/run/url') return 'postgres://u:filesecret@db/x';
      throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
    },
  });
  return result.ok ? describeConfig(result.config).join('\n') : result.problems.join('\n');
}

test('the effective configuration names the source of each value', () => {
  const text = describeFor({ PORT: '4000' });
  expect(text).toContain('PORT = 4000 (environment)');
  expect(text).toContain('HOST = 127.0.0.1 (default)');
  expect(text).toContain('THROUGHLINE_DATA_DIR = /var/lib/throughline (default)');
});

test('objectives stand in the order they are tried, after them what holds where none matches', () => {
  const lines = (text: string) => text.split('\n').filter((line) => line.startsWith('objectives.'));
  expect(lines(describeFor({}))).toEqual([
    'objectives.hops = p95 100ms (default)',
    'objectives.flows = (none) (default)',
    'objectives.replies = (none) (default)',
  ]);
  const settings =
    'objectives:\n  hops: [{event_type: a, p95: 90s}, {event_type: "^b", p95: 250ms}]\n  flows: [{starts_with: a, p95: 1500ms}]\n';
  expect(lines(describeFor({}, settings))).toEqual([
    'objectives.hops "a" = p95 90s (file /here/throughline.yaml)',
    'objectives.hops "^b" = p95 250ms (file /here/throughline.yaml)',
    'objectives.hops = p95 100ms (default)',
    'objectives.flows "a" = p95 1500ms (file /here/throughline.yaml)',
    'objectives.flows = (none) (default)',
    'objectives.replies = (none) (default)',
  ]);
});

test('groups stand with their services in the order they are tried', () => {
  const settings = `groups:\n- {group: '^etl-\\d+$', service: orders}\n- {group: g-17, service: mail}\n`;
  expect(describeFor({}, settings)).toContain(
    'groups "^etl-\\\\d+$" = "orders" (file /here/throughline.yaml)\ngroups "g-17" = "mail" (file /here/throughline.yaml)',
  );
});

test('no secret is shown, only whether and from where it is set', () => {
  const text = describeFor({
    KAFKA_BROKERS: 'k:9092',
    KAFKA_SASL_MECHANISM: 'PLAIN',
    KAFKA_SASL_USERNAME: 'tap',
    KAFKA_SASL_PASSWORD: 'envsecret',
    DATABASE_URL_FILE: '/run/url',
    SCHEMAREGISTRY_URLS: 'https://user:urlsecret@registry',
  });
  expect(text).toContain('KAFKA_SASL_PASSWORD = set');
  expect(text).toContain('DATABASE_URL = set, from file /run/url');
  for (const secret of ['envsecret', 'filesecret', 'urlsecret']) expect(text).not.toContain(secret);
});

test('nothing of a token endpoint that may be a secret is shown', () => {
  const text = describeFor({
    KAFKA_BROKERS: 'k:9092',
    KAFKA_BROKER_ADDRESS_MAP: 'k:9092=localhost:1',
    KAFKA_SASL_MECHANISM: 'OAUTHBEARER',
    KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL: 'https://id.example/token?key=querysecret',
    KAFKA_SASL_OAUTHBEARER_CLIENT_ID: 'tap',
    KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET: 'clientsecret',
  });
  expect(text).toContain('KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL = https://id.example/token (environment)');
  expect(text).toContain('KAFKA_BROKER_ADDRESS_MAP = k:9092=localhost:1 (environment)');
  for (const secret of ['querysecret', 'clientsecret']) expect(text).not.toContain(secret);
});
