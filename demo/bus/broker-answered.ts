import kafkajs from 'kafkajs';

/** True when the failure is an answer of the broker (a topic without leader yet, a refusal): it is there. */
export function brokerAnswered(error: unknown): boolean {
  return protocolErrorOf(error) !== null;
}

/** Kafka's own name of the failure, for example `MESSAGE_TOO_LARGE`; null when no broker said it. */
export function protocolErrorOf(error: unknown): string | null {
  if (error instanceof kafkajs.KafkaJSProtocolError) return error.type;
  return error instanceof kafkajs.KafkaJSError && error.cause !== undefined ? protocolErrorOf(error.cause) : null;
}
