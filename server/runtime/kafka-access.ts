import { readFileSync } from 'node:fs';
import type { KafkaConfig, SaslConfig, TlsConfig } from '../config/kafka-config.ts';
import { signAwsToken } from '../source/kafka/connection/aws-token.ts';
import { fetchToken } from '../source/kafka/connection/fetch-token.ts';
import type { KafkaAccess } from '../source/kafka/connection/kafka-connection.ts';
import { keepToken } from '../source/kafka/connection/kept-token.ts';
import type { SignIn } from '../source/kafka/connection/sign-in.ts';

/** How the source reaches the cluster that the configuration names. Throws when a PEM file can no longer be read. */
export function kafkaAccess({ sasl, tls, addressMap }: KafkaConfig): KafkaAccess {
  return {
    clientId: 'throughline-tap',
    sasl: sasl === null ? undefined : signIn(sasl),
    tls: tls === null ? undefined : tlsOptions(tls),
    addressMap,
  };
}

function tlsOptions({ caFilePath, client }: TlsConfig): KafkaAccess['tls'] {
  if (caFilePath === null && client === null) return true;
  return {
    ...(caFilePath !== null && { ca: readFileSync(caFilePath, 'utf8') }),
    ...(client !== null && {
      cert: readFileSync(client.certFilePath, 'utf8'),
      key: readFileSync(client.keyFilePath, 'utf8'),
      ...(client.keyPassword !== null && { passphrase: client.keyPassword }),
    }),
  };
}

function signIn(sasl: SaslConfig): SignIn {
  switch (sasl.mechanism) {
    case 'AWS_MSK_IAM': {
      const { mechanism, region } = sasl;
      return { mechanism, identity: 'the AWS identity of this machine', token: keepToken(() => signAwsToken(region)) };
    }
    case 'OAUTHBEARER': {
      const { mechanism, tokenUrl: url, clientId, clientSecret, scope } = sasl;
      const token = keepToken(() => fetchToken({ url, clientId, clientSecret, scope }));
      return { mechanism, identity: `client "${clientId}"`, token };
    }
    default:
      return sasl;
  }
}
