import { kafkaErrorCode } from './kafka-error-code.ts';

/** Why a connection failed, as half a sentence for an operator: decided by code and class, never by message. */
export function connectionTrouble(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown failure';
  const words = WORDS.get(codeOf(error) ?? '') ?? NAMES.get(error.name);
  if (words !== undefined) return words;
  if (error.cause instanceof Error) return connectionTrouble(error.cause);
  const kafkaCode = kafkaErrorCode(error);
  return kafkaCode === null ? (codeOf(error) ?? error.message) : `Kafka error ${kafkaCode}`;
}

/** The error's own code where it is a text, as those of Node.js are. */
export function codeOf(error: Error): string | null {
  return 'code' in error && typeof error.code === 'string' ? error.code : null;
}

const WORDS = new Map([
  ['ECONNREFUSED', 'connection refused'],
  ['ECONNRESET', 'connection reset'],
  ['EPIPE', 'connection reset'],
  ['ENOTFOUND', 'no such host'],
  ['EAI_AGAIN', 'the name could not be looked up'],
  ['EHOSTUNREACH', 'host unreachable'],
  ['ENETUNREACH', 'network unreachable'],
  ['ETIMEDOUT', 'no answer in time'],
]);

const NAMES = new Map([
  ['KafkaJSSASLAuthenticationError', 'the sign-in was refused'],
  ['KafkaJSRequestTimeoutError', 'no answer in time'],
  ['KafkaJSConnectionClosedError', 'the connection was closed'],
  ['KafkaJSConnectionError', 'the connection was lost or timed out'],
  ['KafkaJSLockTimeout', 'no answer in time'],
]);
