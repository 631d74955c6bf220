import { splitAddress } from './broker-address.ts';
import { ConnectFailedError, connectKafka, type KafkaAccess, type KafkaConnection } from './kafka-connection.ts';

/** How much a failure tells: one that came further says more about what is wrong. */
const STEPS = ['dial', 'tls', 'versions', 'sign-in'] as const;

/**
 * Connects to the first broker of the list that answers. Rejects with the failure that came furthest; when none was
 * even reached, it names them all.
 */
export async function connectAny(
  brokers: readonly string[],
  access: KafkaAccess,
  life: AbortSignal,
): Promise<KafkaConnection> {
  const failures: ConnectFailedError[] = [];
  for (const address of brokers) {
    const { host, port } = splitAddress(address);
    try {
      return await connectKafka(host, port, access, life);
    } catch (error) {
      if (!(error instanceof ConnectFailedError)) throw error;
      failures.push(error);
    }
  }
  const [furthest] = failures.sort((a, b) => STEPS.indexOf(b.step) - STEPS.indexOf(a.step));
  if (furthest === undefined) throw new Error('no broker is named');
  if (furthest.step !== 'dial' || failures.length === 1) throw furthest;
  const all = failures.map(({ address }) => address).join(', ');
  throw new ConnectFailedError(furthest.broker, all, 'dial', furthest.cause);
}
