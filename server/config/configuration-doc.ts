import { z } from 'zod';
import { ALERT_KINDS, type AlertUnit } from '../model/alert-rule.ts';
import { VARIABLE_NAMES, variableFacts } from './environment.ts';
import { settingsFileSchema } from './settings-file.ts';

/** The text of `docs/configuration.md`, made from the schemas. */
export function configurationDoc(): string {
  return `${[
    '# Configuration',
    '',
    'Made from the schemas in `server/config` by `node scripts/write-configuration-doc.mjs`; a test fails when it is stale.',
    '',
    'The environment comes first, then `throughline.yaml`, then the default. Secrets can also be given as `NAME_FILE`, the',
    'path of a file that holds the value; setting both is an error. Unknown names are refused with the nearest right one,',
    'every problem of a start is reported at once, and the effective configuration is written to `logs/start.log` in the',
    'data folder with secrets left out.',
    ...variableTables(),
    '',
    '## `throughline.yaml`',
    '',
    '| key | type | meaning |',
    '|---|---|---|',
    ...settingsRows(z.toJSONSchema(settingsFileSchema, { io: 'input', unrepresentable: 'any' }), ''),
    '',
    '### Groups',
    '',
    'Whose a consumer group is says its name: `{env}.{service}.…`, `{service}-consumer`, `{service}-…`, the environment',
    'where there is one, and the longest name of a service that fits. Where it does not, `groups:` says it. Which event',
    'follows from which, whom a stalled step waits for, where a hop splits, and the flow map all go by that.',
    '',
    '```yaml',
    'groups:',
    '  - { group: g-17, service: orders }',
    '  - { group: "^connect-orders-", service: orders }',
    '```',
    '',
    '### Dead letters',
    '',
    'A topic is a dead-letter queue when its name says so (`dlq`, `dlt`, `dead-letter` as a word of it), when the broker does',
    '(`errors.deadletterqueue.group.enable`), when records in it are dead letters by their headers or bodies, or when you',
    'declare it. Depth is what lies behind the offset that the triage group has committed; without one, all that is retained.',
    '',
    '```yaml',
    'dead_letters:',
    '  queues: [graveyard, "\\\\.error$"]',
    '  mirrors: ["^copy-of-"]',
    '  ignore: [audit.dlq]',
    '  triage:',
    '    - { queue: "^orders\\\\.", groups: [orders-triage] }',
    '```',
    '',
    '### Objectives',
    '',
    'A p95 over its objective by more than its error bound is slow: on the latency page, in `GET /latency`, and for hops on',
    'the flow map. Hops are held to 100 ms unless one is declared for the type of the effect. Flows, by the type that begins',
    'them, and replies, by the type of the request, have an objective only where you declare one. In each list the first that',
    'matches counts. Hops of several types, as those of a service, are held to 100 ms on the latency page; the map judges',
    'those of each objective apart. The latency page writes an entry for any type, to copy.',
    '',
    '```yaml',
    'objectives:',
    '  hops:',
    '    - { event_type: order.placed, p95: 50ms }',
    '    - { event_type: "^order\\\\.", p95: 250ms }',
    '  flows:',
    '    - { starts_with: order.placed, p95: 5s }',
    '  replies:',
    '    - { event_type: quality.assess.requested, p95: 2s }',
    '```',
    '',
    '### Receivers',
    '',
    'Who is told of alerts. Alerts with the same values of the labels in `group_by` are told together, and again by the',
    'intervals. Secrets stand in a file, which is read at each delivery, or in a variable `THROUGHLINE_RECEIVER_…`, which the',
    'tap alone is given. What a receiver answers, and each try, is in the log of deliveries. Receivers can also be made on the',
    'page; those of the file are only read there.',
    '',
    '```yaml',
    'receivers:',
    '  - name: operations',
    '    url: https://hooks.example.com/throughline',
    '    secret_file: /run/secrets/throughline-webhook',
    '    group_by: [alertname, owner]',
    '  - { name: orders, kind: slack, url_env: THROUGHLINE_RECEIVER_ORDERS, group_wait: 0 }',
    '```',
    '',
    '### Alerts',
    '',
    'A rule fires while what it watches is above its threshold. Two are built in: "Dead letters pile up" (more than 100 records in',
    'a dead-letter queue that nobody has handled) and "Dead letters are old" (the oldest waits for more than 24 h); a rule of',
    'their name takes their place, `enabled: false` turns it off. Rules can also be written on the page.',
    '',
    '```yaml',
    'alerts:',
    '  - { name: Dead letters pile up, watch: dead_letter_depth, threshold: 20, severity: critical, receivers: [on-call] }',
    '  - { name: Payments stopped, watch: no_events, event_type: payment.settled, threshold: 10m }',
    '  - { name: Billing is behind, watch: consumer_lag, group: "^billing", threshold: 5m, for: 2m, keep_firing_for: 5m }',
    '  - { name: Broken events, watch: violation_share, threshold: 2%, window: 10m, labels: { tier: gold } }',
    '```',
    '',
    '| `watch` | what is held against the threshold | narrowed by |',
    '|---|---|---|',
    ...Object.values(ALERT_KINDS).map(
      ({ title, units, scopes }, place) =>
        `| \`${Object.keys(ALERT_KINDS)[place]}\` | ${title} (${units.map((unit) => UNIT_WORDS[unit]).join(' or ')}) | ${scopes.map((scope) => `\`${scope}\``).join(', ') || '–'} |`,
    ),
    '',
    '### Dialects',
    '',
    'A dialect says when it matches and where each field stands. Yours come before the built-in ones; the first that',
    'matches reads the record, and of its rules for a field the first that finds a value. All are listed on the settings',
    'page, which also tries a record against them.',
    '',
    '```yaml',
    'dialects:',
    '  - name: orders-v2',
    '    title: Orders, since 2025',
    '    when: ["body has /meta/id", "topic ^orders\\\\."]',
    '    rules:',
    '      event_id: [body /meta/id]',
    '      event_type: [body /meta/kind]',
    '      correlation_id: [body /meta/conversation, header x-request-id]',
    '      causation_id: [body /meta/because_of]',
    '      service: [body /meta/sender, topic service]',
    '      occurred_at: [body /meta/at]',
    '      trace_id: [header traceparent as w3c-trace-id]',
    '```',
    '',
    'Conditions: `body has /a`, `body has one of /a /b`, `body /a is TEXT`, `header name`, `header one of a b`,',
    '`header name is TEXT`, `header starts with a`, `topic PATTERN`. Rules: `body /a/b`, `body /text > /b` (the text there is',
    'JSON itself), `header name`, `topic type`, `topic service`, each with ` as READER` and ` unless body has /a` where needed.',
    'Records that were stored before a change are read again by a job, which the settings page starts.',
    '',
    '## Options of `npm start`',
    '',
    'After `--`, for the demo: `--demo` (also on a named cluster, to which it then writes), `--no-demo`, `--without NAME`,',
    '`--wrong-producer`, `--poison`, `--truth FILE`.',
    '',
    '## OpenTelemetry',
    '',
    'The standard `OTEL_*` variables are handed to tap, web and demo as they are.',
  ].join('\n')}\n`;
}

const UNIT_WORDS: Readonly<Record<AlertUnit, string>> = {
  records: 'records',
  ms: 'a duration',
  'per minute': 'a number per minute',
  share: 'a percentage',
  traces: 'traces',
};

function variableTables(): string[] {
  const groups = new Map<string, string[]>();
  for (const name of VARIABLE_NAMES) {
    const { group, description, standard, secret } = variableFacts(name);
    const row = `| \`${name}\`${secret ? ` or \`${name}_FILE\`` : ''} | ${description} | ${standard} |`;
    groups.set(group, [...(groups.get(group) ?? []), row]);
  }
  return [...groups].flatMap(([group, rows]) => [
    '',
    `## ${group}`,
    '',
    '| variable | meaning | default |',
    '|---|---|---|',
    ...rows,
  ]);
}

type JsonSchema = z.core.JSONSchema.BaseSchema;

function settingsRows(schema: JsonSchema, prefix: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, child]) => {
    if (typeof child === 'boolean') return [];
    const name = `${prefix}${key}`;
    const items = Array.isArray(child.items) ? undefined : child.items;
    if (child.type === 'object' && child.properties !== undefined) return settingsRows(child, `${name}.`);
    if (typeof items === 'object' && items.type === 'object') return settingsRows(items, `${name}[].`);
    return [`| \`${name}\` | ${typeWord(child.type)} | ${child.description ?? ''} |`];
  });
}

function typeWord(type: JsonSchema['type']): string {
  if (type === 'array') return 'list';
  return type === 'object' ? 'lists by name' : 'text';
}
