import path from 'node:path';
import type { Environment } from './environment.ts';

/** How to reach a named cluster. */
export interface KafkaConfig {
  readonly brokers: readonly string[];
  /** Where brokers are really reached, by the address that the cluster gives out. */
  readonly addressMap: ReadonlyMap<string, string>;
  readonly sasl: SaslConfig | null;
  readonly tls: TlsConfig | null;
}

/** How to sign in. */
export type SaslConfig =
  | {
      readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
      readonly username: string;
      readonly password: string;
    }
  | {
      readonly mechanism: 'OAUTHBEARER';
      readonly tokenUrl: string;
      readonly clientId: string;
      readonly clientSecret: string;
      readonly scope: string | null;
    }
  | { readonly mechanism: 'AWS_MSK_IAM'; readonly region: string };

export interface TlsConfig {
  readonly caFilePath: string | null;
  /** Shown to brokers that ask for one. */
  readonly client: {
    readonly certFilePath: string;
    readonly keyFilePath: string;
    readonly keyPassword: string | null;
  } | null;
}

/** Null without `KAFKA_BROKERS`. For an environment without contradictions. */
export function kafkaConfig(env: Environment, workingDir: string): KafkaConfig | null {
  if (env.KAFKA_BROKERS === undefined) return null;
  return {
    brokers: env.KAFKA_BROKERS,
    addressMap: env.KAFKA_BROKER_ADDRESS_MAP ?? new Map(),
    sasl: saslConfig(env),
    tls: tlsConfig(env, workingDir),
  };
}

function saslConfig(env: Environment): SaslConfig | null {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = env;
  switch (mechanism) {
    case undefined:
      return null;
    case 'AWS_MSK_IAM':
      return { mechanism, region: env.KAFKA_SASL_AWS_MSK_IAM_REGION ?? '' };
    case 'OAUTHBEARER':
      return {
        mechanism,
        tokenUrl: env.KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL ?? '',
        clientId: env.KAFKA_SASL_OAUTHBEARER_CLIENT_ID ?? '',
        clientSecret: env.KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET ?? '',
        scope: env.KAFKA_SASL_OAUTHBEARER_SCOPE ?? null,
      };
    default:
      return { mechanism, username: username ?? '', password: password ?? '' };
  }
}

function tlsConfig(env: Environment, workingDir: string): TlsConfig | null {
  const { KAFKA_TLS_CAFILEPATH: ca, KAFKA_TLS_CERTFILEPATH: cert, KAFKA_TLS_KEYFILEPATH: key } = env;
  if (!(env.KAFKA_TLS_ENABLED ?? (ca ?? cert) !== undefined)) return null;
  const absolute = (file: string): string => path.resolve(workingDir, file);
  return {
    caFilePath: ca === undefined ? null : absolute(ca),
    client:
      cert === undefined || key === undefined
        ? null
        : {
            certFilePath: absolute(cert),
            keyFilePath: absolute(key),
            keyPassword: env.KAFKA_TLS_KEYPASSWORD ?? null,
          },
  };
}

const PASSWORD_SIGN_IN = ['KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD'] as const;

/** What each mechanism needs, and what it may have besides. */
const SIGN_INS = {
  PLAIN: { needs: PASSWORD_SIGN_IN, takes: [] },
  'SCRAM-SHA-256': { needs: PASSWORD_SIGN_IN, takes: [] },
  'SCRAM-SHA-512': { needs: PASSWORD_SIGN_IN, takes: [] },
  OAUTHBEARER: {
    needs: [
      'KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL',
      'KAFKA_SASL_OAUTHBEARER_CLIENT_ID',
      'KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET',
    ],
    takes: ['KAFKA_SASL_OAUTHBEARER_SCOPE'],
  },
  AWS_MSK_IAM: { needs: ['KAFKA_SASL_AWS_MSK_IAM_REGION'], takes: [] },
} as const;

const SIGN_IN_VARIABLES = [
  ...PASSWORD_SIGN_IN,
  ...SIGN_INS.OAUTHBEARER.needs,
  ...SIGN_INS.OAUTHBEARER.takes,
  ...SIGN_INS.AWS_MSK_IAM.needs,
] as const;
const TLS_FILES = [
  'KAFKA_TLS_CAFILEPATH',
  'KAFKA_TLS_CERTFILEPATH',
  'KAFKA_TLS_KEYFILEPATH',
  'KAFKA_TLS_KEYPASSWORD',
] as const;

/** Variables of Kafka that make no sense together: one sentence each, with its remedy. */
export function kafkaContradictions(env: Environment): string[] {
  return [...signInContradictions(env), ...tlsContradictions(env), ...withoutBrokers(env)];
}

function signInContradictions(env: Environment): string[] {
  const set = SIGN_IN_VARIABLES.filter((name) => env[name] !== undefined);
  const mechanism = env.KAFKA_SASL_MECHANISM;
  if (mechanism === undefined) {
    if (set.length === 0) return [];
    const missing = [...PASSWORD_SIGN_IN].filter((name) => set.some(isPasswordName) && env[name] === undefined);
    const names = ['KAFKA_SASL_MECHANISM', ...missing];
    return [`${names.join(' and ')} is not set, but ${set.join(', ')} is. A sign-in needs all that belongs to it.`];
  }
  const { needs, takes } = SIGN_INS[mechanism];
  const own = new Set<string>([...needs, ...takes]);
  const missing = needs.filter((name) => env[name] === undefined);
  const strange = set.filter((name) => !own.has(name));
  return [
    ...(missing.length > 0 ? [`${missing.join(' and ')} is not set, but a sign-in by ${mechanism} needs it.`] : []),
    ...(strange.length > 0
      ? [`${strange.join(' and ')} is set, but a sign-in by ${mechanism} has no use for it.`]
      : []),
    ...(mechanism === 'AWS_MSK_IAM' && !(env.KAFKA_TLS_ENABLED ?? env.KAFKA_TLS_CAFILEPATH !== undefined)
      ? ['KAFKA_SASL_MECHANISM is AWS_MSK_IAM, which brokers offer with TLS alone. Set KAFKA_TLS_ENABLED=true.']
      : []),
  ];
}

function isPasswordName(name: string): boolean {
  return PASSWORD_SIGN_IN.some((one) => one === name);
}

function tlsContradictions(env: Environment): string[] {
  const problems: string[] = [];
  const files = TLS_FILES.filter((name) => env[name] !== undefined);
  if (env.KAFKA_TLS_ENABLED === false && files.length > 0) {
    problems.push(`${files.join(' and ')} is set, but KAFKA_TLS_ENABLED is false. Unset one of them.`);
  }
  const { KAFKA_TLS_CERTFILEPATH: cert, KAFKA_TLS_KEYFILEPATH: key, KAFKA_TLS_KEYPASSWORD: password } = env;
  if ((cert === undefined) !== (key === undefined)) {
    const [there, missing] = cert === undefined ? ['KEY', 'CERT'] : ['CERT', 'KEY'];
    problems.push(`KAFKA_TLS_${there}FILEPATH is set, but KAFKA_TLS_${missing}FILEPATH is not. Set both, or neither.`);
  }
  if (password !== undefined && key === undefined) {
    problems.push('KAFKA_TLS_KEYPASSWORD is set, but KAFKA_TLS_KEYFILEPATH is not. Set both, or neither.');
  }
  return problems;
}

function withoutBrokers(env: Environment): string[] {
  if (env.KAFKA_BROKERS !== undefined) return [];
  const needBrokers = [
    'KAFKA_BROKER_ADDRESS_MAP',
    'KAFKA_SASL_MECHANISM',
    ...SIGN_IN_VARIABLES,
    'KAFKA_TLS_ENABLED',
    ...TLS_FILES,
  ] as const;
  const idle = needBrokers.filter((name) => env[name] !== undefined && env[name] !== false);
  if (idle.length === 0) return [];
  return [`KAFKA_BROKERS is not set, but ${idle.join(', ')} is. Set KAFKA_BROKERS, or unset the rest.`];
}
