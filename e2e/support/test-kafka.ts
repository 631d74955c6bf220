import { inject } from 'vitest';
import './services.ts';

/**
 * The address of the run's Kafka, `host:port`. It is shared by all files of the run: name your topics and groups so that
 * no other file has them.
 */
export function testBrokers(): string {
  return inject('kafkaBrokers');
}
