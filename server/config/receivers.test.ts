import { expect, test } from 'vitest';
import { childEnvironment } from './child-environment.ts';
import { describeConfig } from './describe-config.ts';
import { loadConfig } from './load-config.ts';

function load(yaml: string, env: Record<string, string> = {}) {
  return loadConfig({
    env,
    workingDir: '/here',
    platform: { platform: 'linux', home: '/home/ada', isRoot: false },
    readFile(path) {
      if (path === '/here/throughline.yaml') return yaml;
      throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
    },
  });
}

function config(yaml: string, env: Record<string, string> = {}) {
  const result = load(yaml, env);
  if (!result.ok) throw new Error(result.problems.join('\n'));
  return result.config;
}

const problems = (yaml: string, env: Record<string, string> = {}) => {
  const result = load(yaml, env);
  return result.ok ? [] : result.problems;
};

test('receivers are read with their defaults, secrets as the places where they stand', () => {
  const { receivers } = config(`receivers:
  - name: operations
    url: https://hooks.example.com/a?key=1
    secret_file: secrets/hook
    headers: { X-Team: ops }
  - { name: orders, kind: slack, url_env: THROUGHLINE_RECEIVER_ORDERS, group_wait: 0, group_by: [], send_resolved: false }
`).alerts;
  expect(receivers).toEqual([
    {
      ...{
        name: 'operations',
        kind: 'webhook',
        url: 'https://hooks.example.com/a?key=1',
        headers: { 'X-Team': 'ops' },
      },
      secret: { from: 'file', path: '/here/secrets/hook' },
      ...{ groupBy: ['alertname'], groupWaitMs: 30_000, groupIntervalMs: 300_000, repeatIntervalMs: 14_400_000 },
      sendResolved: true,
    },
    {
      ...{ name: 'orders', kind: 'slack', url: { from: 'environment', name: 'THROUGHLINE_RECEIVER_ORDERS' } },
      ...{ secret: null, headers: {}, groupBy: [], groupWaitMs: 0, groupIntervalMs: 300_000 },
      ...{ repeatIntervalMs: 14_400_000, sendResolved: false },
    },
  ]);
});

test.each([
  ['url: ftp://a/', 'receivers.0.url must be an http or https address.'],
  ['url: "http://u:p@a/"', 'receivers.0.url must carry no user and password; send them as a header.'],
  ['kind: webhook', 'receivers.0.url must be given once: as url, url_file or url_env.'],
  ['url: "http://a/"\n    url_file: b', 'receivers.0.url must be given once: as url, url_file or url_env.'],
  ['url: "http://a/"\n    secret_file: b\n    secret_env: THROUGHLINE_RECEIVER_B', 'secret_env are both set.'],
  ['url: "http://a/"\n    kind: slack\n    secret_file: b', 'takes no signature. Leave out the secret.'],
  ['url: "http://a/"\n    secret_env: SECRET', 'must begin with THROUGHLINE_RECEIVER_'],
  ['url: "http://a/"\n    secret: whsec_x', 'unknown key "receivers.0.secret". Known here: '],
  ['url: "http://a/"\n    group_wait: abc', 'is no duration; write 0, or a number and ms, s, m, h or d'],
  ['url: "http://a/"\n    group_interval: 10ms', 'must be at least 1s'],
  [
    'url: "http://a/"\n    headers: { "Content-Length": "1" }',
    '"Content-Length" is a header that is not given by hand.',
  ],
])('%s is refused with its line', (wrong, sentence) => {
  const found = problems(`receivers:\n  - name: a\n    ${wrong}\n`);
  expect(found.join('\n')).toMatch(/^\/here\/throughline\.yaml:\d+: /);
  expect(found.join('\n')).toContain(sentence);
});

test('two receivers of one name are refused', () => {
  expect(problems('receivers:\n  - { name: a, url: "http://a/" }\n  - { name: a, url: "http://b/" }\n')).toEqual([
    '/here/throughline.yaml:3: receivers.1.name is "a", as that of another one.',
  ]);
});

test('networks that may be sent to are named by the environment alone, and each is checked', () => {
  const env = { THROUGHLINE_ALLOWED_RECEIVER_NETWORKS: '10.1.0.0/16, 127.0.0.1,::1' };
  expect(config('', env).alerts.allowedNetworks).toEqual(['10.1.0.0/16', '127.0.0.1/32', '::1/128']);
  for (const wrong of ['localhost', '127.1', '10.0.0.0/33', '0x7f000001', '10.0.0.0/']) {
    expect(problems('', { THROUGHLINE_ALLOWED_RECEIVER_NETWORKS: wrong })[0]).toContain('must be a list of networks');
  }
});

test('links lead to the pages of this machine, unless they are reached elsewhere', () => {
  expect(config('', { PORT: '3001' }).alerts.externalUrl).toBe('http://127.0.0.1:3001');
  const env = { THROUGHLINE_EXTERNAL_URL: 'https://ops.example.com/throughline/' };
  expect(config('', env).alerts.externalUrl).toBe('https://ops.example.com/throughline');
  for (const wrong of ['ops.example.com', 'https://a/?b', 'https://u:p@a/']) {
    expect(problems('', { THROUGHLINE_EXTERNAL_URL: wrong })).toHaveLength(1);
  }
});

test('secrets of receivers go to the tap alone, and into no description', () => {
  const env = { THROUGHLINE_RECEIVER_ORDERS: 'https://hooks.slack.com/topsecret', PATH: '/bin' };
  const yaml = 'receivers:\n  - { name: a, kind: slack, url: "https://hooks.slack.com/topsecret" }\n';
  expect(describeConfig(config(yaml, env)).join('\n')).not.toContain('topsecret');
  expect(describeConfig(config(yaml, env))).toContain(
    'receivers "a" = slack, https://hooks.slack.com/… (file /here/throughline.yaml)',
  );
  expect(childEnvironment(env, { names: [], telemetry: true })).toEqual({ PATH: '/bin' });
  expect(childEnvironment(env, { names: [], telemetry: true, receivers: true })).toEqual(env);
});
