import path from 'node:path';
import type { Environment } from './environment.ts';
import type { TlsConfig } from './kafka-config.ts';

/** How to reach the schema registry. */
export interface RegistryConfig {
  /** At least one; may carry user and password. */
  readonly urls: readonly string[];
  readonly signIn: { readonly username: string; readonly password: string } | null;
  readonly tls: TlsConfig;
}

/** Null without `SCHEMAREGISTRY_URLS`. For an environment without contradictions. */
export function registryConfig(env: Environment, workingDir: string): RegistryConfig | null {
  const { SCHEMAREGISTRY_URLS: urls, SCHEMAREGISTRY_USERNAME: username, SCHEMAREGISTRY_PASSWORD: password } = env;
  if (urls === undefined) return null;
  const {
    SCHEMAREGISTRY_TLS_CAFILEPATH: ca,
    SCHEMAREGISTRY_TLS_CERTFILEPATH: cert,
    SCHEMAREGISTRY_TLS_KEYFILEPATH: key,
  } = env;
  const absolute = (file: string): string => path.resolve(workingDir, file);
  return {
    urls,
    signIn: username === undefined ? null : { username, password: password ?? '' },
    tls: {
      caFilePath: ca === undefined ? null : absolute(ca),
      client:
        cert === undefined || key === undefined
          ? null
          : {
              certFilePath: absolute(cert),
              keyFilePath: absolute(key),
              keyPassword: env.SCHEMAREGISTRY_TLS_KEYPASSWORD ?? null,
            },
    },
  };
}

const REST = [
  'SCHEMAREGISTRY_USERNAME',
  'SCHEMAREGISTRY_PASSWORD',
  'SCHEMAREGISTRY_TLS_CAFILEPATH',
  'SCHEMAREGISTRY_TLS_CERTFILEPATH',
  'SCHEMAREGISTRY_TLS_KEYFILEPATH',
  'SCHEMAREGISTRY_TLS_KEYPASSWORD',
] as const;

/** Variables of the registry that need each other, and of which one is missing. */
const PAIRS = [
  ['SCHEMAREGISTRY_PASSWORD', 'SCHEMAREGISTRY_USERNAME'],
  ['SCHEMAREGISTRY_USERNAME', 'SCHEMAREGISTRY_PASSWORD'],
  ['SCHEMAREGISTRY_TLS_CERTFILEPATH', 'SCHEMAREGISTRY_TLS_KEYFILEPATH'],
  ['SCHEMAREGISTRY_TLS_KEYFILEPATH', 'SCHEMAREGISTRY_TLS_CERTFILEPATH'],
  ['SCHEMAREGISTRY_TLS_KEYPASSWORD', 'SCHEMAREGISTRY_TLS_KEYFILEPATH'],
] as const;

/** Variables of the registry that make no sense together: one sentence each, with its remedy. */
export function registryContradictions(env: Environment): string[] {
  const idle = REST.filter((name) => env[name] !== undefined);
  if (env.SCHEMAREGISTRY_URLS === undefined) {
    if (idle.length === 0) return [];
    return [`SCHEMAREGISTRY_URLS is not set, but ${idle.join(', ')} is. Set SCHEMAREGISTRY_URLS, or unset the rest.`];
  }
  return PAIRS.filter(([set, missing]) => env[set] !== undefined && env[missing] === undefined).map(
    ([set, missing]) => `${set} is set, but ${missing} is not. Set both, or neither.`,
  );
}
