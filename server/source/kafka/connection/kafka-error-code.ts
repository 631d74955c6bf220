/**
 * Kafka's own error code of a failure that a broker answered with; null for any other failure, a lost connection among
 * them.
 */
export function kafkaErrorCode(error: unknown): number | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : null;
}
