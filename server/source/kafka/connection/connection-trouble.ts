/** Why a connection failed, as half a sentence for an operator: decided by code and class, never by message. */
export function connectionTrouble(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown failure';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  if (code !== null && WORDS.has(code)) return WORDS.get(code) ?? code;
  const byName = NAMES.get(error.name);
  if (byName !== undefined) return byName;
  if (error.cause instanceof Error) return connectionTrouble(error.cause);
  return code ?? error.message;
}

const WORDS = new Map([
  ['ECONNREFUSED', 'connection refused'],
  ['ECONNRESET', 'connection reset'],
  ['ENOTFOUND', 'no such host'],
  ['EAI_AGAIN', 'the name could not be looked up'],
  ['EHOSTUNREACH', 'host unreachable'],
  ['ENETUNREACH', 'network unreachable'],
  ['ETIMEDOUT', 'no answer in time'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'its certificate is signed by itself and not trusted'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'its certificate chain holds an authority that is not trusted'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'its certificate is signed by an authority that is not trusted'],
  ['CERT_HAS_EXPIRED', 'its certificate has expired'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'its certificate names another host'],
]);

const NAMES = new Map([
  ['KafkaJSSASLAuthenticationError', 'the sign-in was refused'],
  ['KafkaJSRequestTimeoutError', 'no answer in time'],
  ['KafkaJSConnectionClosedError', 'the connection was closed'],
  ['KafkaJSConnectionError', 'the connection was lost or timed out'],
  ['KafkaJSLockTimeout', 'no answer in time'],
]);
