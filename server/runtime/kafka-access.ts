import { readFileSync } from 'node:fs';
import type { KafkaConfig } from '../config/load-config.ts';
import type { KafkaAccess } from '../source/kafka/connection/kafka-connection.ts';

/** How the source reaches the cluster that the configuration names. Throws when the CA file cannot be read. */
export function kafkaAccess({ sasl, tls }: KafkaConfig): KafkaAccess {
  return { clientId: 'throughline-tap', sasl: saslOptions(sasl), tls: tlsOptions(tls) };
}

function tlsOptions(tls: KafkaConfig['tls']): KafkaAccess['tls'] {
  if (tls === null) return undefined;
  return tls.caFilePath === null ? true : { ca: readFileSync(tls.caFilePath, 'utf8') };
}

function saslOptions(sasl: KafkaConfig['sasl']): KafkaAccess['sasl'] {
  if (sasl === null) return undefined;
  const { username, password } = sasl;
  switch (sasl.mechanism) {
    case 'PLAIN':
      return { mechanism: 'plain', username, password };
    case 'SCRAM-SHA-256':
      return { mechanism: 'scram-sha-256', username, password };
    case 'SCRAM-SHA-512':
      return { mechanism: 'scram-sha-512', username, password };
  }
}
