import { codeOf, connectionTrouble } from './connection-trouble.ts';
import type { ConnectFailedError, KafkaAccess } from './kafka-connection.ts';

/** A TLS failure in whole sentences; null when TLS is not what is wrong. */
export function tlsTrouble({ address, broker, cause, step }: ConnectFailedError, access: KafkaAccess): string | null {
  if (!(cause instanceof Error)) return null;
  const code = codeOf(cause) ?? '';
  if (code === 'tls_expected') {
    return `${address} speaks TLS, but KAFKA_TLS_ENABLED is not set. Set it to true, or name the port of a listener without TLS in KAFKA_BROKERS.`;
  }
  if (!access.tls) return step === 'versions' && isEnd(cause) ? firstWordTrouble(address) : null;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `The certificate of ${address} is not for ${broker.host}${namesOf(cause)}. Connect by a name that it holds, or have it issued for this one.`;
  }
  const untrusted = UNTRUSTED.get(code);
  if (untrusted !== undefined) return `The certificate of ${address} is not trusted: ${untrusted}`;
  if (code.startsWith('ERR_SSL_') && code.includes('ALERT')) return refusedByBroker(address, code, access);
  if (step === 'tls' && (isEnd(cause) || code.startsWith('ERR_SSL_'))) {
    return `${address} does not answer in TLS. Unset KAFKA_TLS_ENABLED, or name the port of a listener with TLS in KAFKA_BROKERS.`;
  }
  return step === 'versions' && isEnd(cause) ? refusedByBroker(address, '', access) : null;
}

const AUTHORITY = 'Name the PEM file of the authority that signed it in KAFKA_TLS_CAFILEPATH.';

const UNTRUSTED = new Map([
  ['DEPTH_ZERO_SELF_SIGNED_CERT', `it is signed by itself. ${AUTHORITY}`],
  ['SELF_SIGNED_CERT_IN_CHAIN', `its authority is not among the trusted ones. ${AUTHORITY}`],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', `its authority is not among the trusted ones. ${AUTHORITY}`],
  ['UNABLE_TO_GET_ISSUER_CERT', `its authority is not among the trusted ones. ${AUTHORITY}`],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', `its authority is not among the trusted ones. ${AUTHORITY}`],
  [
    'CERT_SIGNATURE_FAILURE',
    `it is not signed by the authority in KAFKA_TLS_CAFILEPATH that has that name. ${AUTHORITY}`,
  ],
  ['CERT_HAS_EXPIRED', 'it has expired. Have it issued anew, and check this machine’s clock.'],
  ['CERT_NOT_YET_VALID', 'it is not valid yet. Check this machine’s clock.'],
]);

/** A broker that asks for a certificate ends the connection by an alert or, when that is overtaken, without a word. */
function refusedByBroker(address: string, code: string, { tls }: KafkaAccess): string {
  const own = typeof tls === 'object' && tls.cert !== undefined;
  if (own) {
    return `${address} refused the client certificate${code === '' ? '' : ` (${alertOf(code)})`}. Check that KAFKA_TLS_CERTFILEPATH is signed by an authority that the broker trusts.`;
  }
  return code === '' || /CERTIFICATE/.test(code)
    ? `${address} asks for a client certificate. Set KAFKA_TLS_CERTFILEPATH and KAFKA_TLS_KEYFILEPATH.`
    : `${address} refused the TLS handshake (${alertOf(code)}).`;
}

/** `ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED` → `certificate required`. */
function alertOf(code: string): string {
  return code
    .replace(/^ERR_SSL_.*ALERT_/, '')
    .replaceAll('_', ' ')
    .toLowerCase();
}

function firstWordTrouble(address: string): string {
  return `${address} ended the connection at the first word. If it speaks TLS, set KAFKA_TLS_ENABLED=true.`;
}

function isEnd(error: Error): boolean {
  const closed = ['KafkaJSConnectionClosedError', 'KafkaJSConnectionError'].includes(error.name);
  return closed || ['connection reset', 'the connection was closed'].includes(connectionTrouble(error));
}

/** The certificate's own names, which Node.js hands on with the error; bounded, for they are the broker's words. */
function namesOf(error: Error): string {
  const certificate: unknown = 'cert' in error ? error.cert : null;
  const names =
    typeof certificate === 'object' && certificate !== null && 'subjectaltname' in certificate
      ? String(certificate.subjectaltname)
      : '';
  return names === '' ? '' : `, but for ${names.replaceAll(/(DNS|IP Address):/g, '').slice(0, 200)}`;
}
