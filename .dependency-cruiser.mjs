// Who may import whom. One row per part: the part, and what it may import besides itself. Cycles are errors.
const PURE = ['decode', 'envelope', 'mask', 'schema', 'stitch', 'measure', 'dead-letter'];
/** Pure too, inside a part that is not. */
const PURE_INSIDE = ['server/alerts/notify'];

const MAY_IMPORT = {
  'server/model': [],
  'server/ports': ['server/model'],
  // The built-in dialects: an operator's own may not have their names. How a rule of an alert is written.
  'server/config': ['server/model', 'server/envelope', 'server/alerts'],
  ...Object.fromEntries(PURE.map((part) => [`server/${part}`, ['server/model']])),
  'server/pipeline': [...PURE.map((part) => `server/${part}`), 'server/model'],
  'server/source': ['server/model', 'server/ports', 'otel'],
  'server/store': ['server/model', 'server/ports', 'otel'],
  'server/live': ['server/model', 'server/ports', 'otel'],
  'server/jobs': ['server/model', 'server/ports', 'otel'],
  'server/ingest': ['server/pipeline', 'server/ports', 'server/model', 'otel'],
  'server/settle': ['server/stitch', 'server/measure', 'server/ports', 'server/model', 'otel'],
  'server/watch': ['server/ports', 'server/model', 'otel'],
  'server/alerts': ['server/ports', 'server/model', 'otel'],
  ...Object.fromEntries(PURE_INSIDE.map((part) => [part, ['server/model']])),
  'server/api': ['server/ports', 'server/model', 'server/live', 'server/alerts', 'otel'],
  'server/runtime': ['server', 'otel'],
  'server/main': ['server', 'otel'],
  components: ['server/model'],
  app: ['components', 'server/model', 'server/runtime'],
  otel: [],
  demo: ['otel'],
};

const OURS = '^(app|components|server|otel|demo|e2e|bench|scripts)/';
const TESTS = '\\.(test|test-support|contract|spec)\\.tsx?$';
const KAFKA_CLIENT = '(^|/)node_modules/kafkajs/|^kafkajs$';

const anyOf = (folders) => `^(${folders.join('|')})/`;

const PARTS = anyOf(Object.keys(MAY_IMPORT));

const rows = Object.entries(MAY_IMPORT).map(([part, others]) => ({
  name: part.replace('server/', ''),
  comment: `${part} may import ${others.length === 0 ? 'nothing of ours' : others.join(', ')}`,
  severity: 'error',
  from: { path: anyOf([part]), pathNot: TESTS },
  to: { path: OURS, pathNot: anyOf([part, ...others]) },
}));

export default {
  forbidden: [
    ...rows,
    {
      name: 'part-without-a-row',
      comment: 'a new folder of server/ needs a row in the table above',
      severity: 'error',
      from: { path: '^server/', pathNot: PARTS },
      to: {},
    },
    {
      name: 'part-without-a-row',
      comment: 'a new folder of server/ needs a row in the table above',
      severity: 'error',
      from: {},
      to: { path: '^server/', pathNot: PARTS },
    },
    {
      name: 'no-cycle',
      comment: 'two files that need each other are one idea, or hide a third',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'pure-has-no-effects',
      comment: 'the core takes values and returns values: no network, files, timers or frameworks',
      severity: 'error',
      from: {
        path: anyOf(['server/model', 'server/ports', ...PURE.map((part) => `server/${part}`), ...PURE_INSIDE]),
        pathNot: TESTS,
      },
      to: {
        path: [
          '(^|/)node_modules/(kafkajs|pg|pg-copy-streams|next|react|react-dom|undici)/',
          '^(node:)?(fs|net|tls|dgram|dns|http|https|http2|timers|child_process|worker_threads|cluster)(/|$)',
        ],
      },
    },
    {
      name: 'rules-of-alerts-are-pure',
      comment: 'what decides on alerts takes values and returns values; the evaluator reads and writes through ports',
      severity: 'error',
      from: {
        path: '^server/alerts/[^/]+\\.ts$',
        pathNot: [TESTS, '/(create-evaluator|look|notification-rules|run-[a-z]+)\\.ts$'],
      },
      to: {
        path: [
          '^server/(?!alerts/|model/)',
          '(^|/)node_modules/(?!zod/)',
          '^(node:)?(fs|net|tls|dns|http|https|timers)(/|$)',
        ],
      },
    },
    {
      name: 'web-without-kafka',
      comment: 'the web process holds no Kafka credentials, so nothing it loads may reach the client',
      severity: 'error',
      from: {
        path: '^(app|components)/|^server/(runtime|main)/web\\.ts$|^(instrumentation|proxy)\\.ts$',
        pathNot: TESTS,
      },
      to: { path: KAFKA_CLIENT, reachable: true },
    },
    {
      name: 'product-without-tests',
      comment: 'what is shipped never imports a test or what supports tests',
      severity: 'error',
      from: { path: OURS, pathNot: [TESTS, '^(e2e|bench|scripts)/'] },
      to: { path: TESTS },
    },
    {
      name: 'resolvable',
      comment: 'an import that leads nowhere',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|\\.next|node_modules/\\.cache)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.css', '.d.ts'],
    },
  },
};
