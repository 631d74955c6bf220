import { readFileSync } from 'node:fs';
import type { Pool } from 'pg';
import type { RegistryConfig } from '../config/registry-config.ts';
import type { Clock } from '../ports/clock.ts';
import type { SchemaSource } from '../ports/schema-source.ts';
import { createRegistry } from '../source/registry/create-registry.ts';
import { createSchemaSource } from '../source/registry/create-schema-source.ts';
import { createSchemaStore } from '../store/schemas/schema-store.ts';

/** The schemas of the registry that the configuration names. Throws when a PEM file can no longer be read. */
export function buildSchemaSource(
  { urls, signIn, tls: { caFilePath, client } }: RegistryConfig,
  pool: Pool,
  clock: Clock,
): { readonly source: SchemaSource; close(): void } {
  const registry = createRegistry(
    {
      urls,
      signIn,
      tls: {
        ...(caFilePath !== null && { ca: readFileSync(caFilePath, 'utf8') }),
        ...(client !== null && {
          cert: readFileSync(client.certFilePath, 'utf8'),
          key: readFileSync(client.keyFilePath, 'utf8'),
          ...(client.keyPassword !== null && { passphrase: client.keyPassword }),
        }),
      },
    },
    clock,
  );
  const source = createSchemaSource({ registry, store: createSchemaStore({ pool }), clock });
  return { source, close: () => registry.close() };
}
