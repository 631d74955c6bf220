/** Loopback ports of the embedded broker. */
export interface KafkaPorts {
  readonly broker: number;
  readonly controller: number;
}

/** Names and values of a Java properties file. */
export type Properties = Readonly<Record<string, string | number | boolean>>;

const MEBI = 1024 * 1024;
const LONG_MAX = '9223372036854775807';

/**
 * `server.properties` of one node that is broker and controller. Loopback only. Records are kept by size, never by age,
 * and any timestamp is taken: with Kafka's defaults a record stamped a year ago is deleted at once, and one stamped two
 * hours ahead is refused. `more` is added, or stands in for what has its name.
 */
export function serverProperties(ports: KafkaPorts, logDir: string, more: Properties = {}): string {
  return toProperties({
    'process.roles': 'broker,controller',
    'node.id': 1,
    listeners: `PLAINTEXT://127.0.0.1:${ports.broker},CONTROLLER://127.0.0.1:${ports.controller}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${ports.broker}`,
    'controller.quorum.voters': `1@127.0.0.1:${ports.controller}`,
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': logDir,
    // Kafka's own default: a producer that is pointed here needs no preparation. The tap never asks for a topic to be made.
    'auto.create.topics.enable': true,
    'num.partitions': 3,
    // After a kill the broker may register again only when its former session is over; the default is 9 s.
    'broker.session.timeout.ms': 3000,
    'broker.heartbeat.interval.ms': 1000,
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 1000,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 4,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'share.coordinator.state.topic.num.partitions': 4,
    'log.retention.ms': -1,
    'log.retention.bytes': 1024 * MEBI,
    'log.segment.bytes': 128 * MEBI,
    'log.message.timestamp.after.max.ms': LONG_MAX,
    'log.message.timestamp.before.max.ms': LONG_MAX,
    'log.cleaner.dedupe.buffer.size': 8 * MEBI,
    'log.index.size.max.bytes': MEBI,
    'num.network.threads': 2,
    'num.io.threads': 4,
    'background.threads': 2,
    'num.recovery.threads.per.data.dir': 2,
    'message.max.bytes': 16 * MEBI,
    ...more,
  });
}

/** Java's own logging, kept in three files of 4 MB in `folder`. */
export function loggingProperties(folder: string): string {
  return toProperties({
    handlers: 'java.util.logging.FileHandler',
    '.level': 'INFO',
    'kafka.server.KafkaConfig.level': 'WARNING',
    'org.apache.kafka.common.config.level': 'WARNING',
    'java.util.logging.FileHandler.pattern': `${folder.replaceAll('%', '%%')}/kafka.%g.log`,
    'java.util.logging.FileHandler.limit': 4 * MEBI,
    'java.util.logging.FileHandler.count': 3,
    'java.util.logging.FileHandler.append': true,
    'java.util.logging.FileHandler.formatter': 'java.util.logging.SimpleFormatter',
    'java.util.logging.SimpleFormatter.format': '%1$tFT%1$tT.%1$tL %4$s %3$s %5$s%6$s%n',
  });
}

/** Java's properties format: a backslash is an escape, everything past ISO 8859-1 is written as `\uXXXX`. */
function toProperties(values: Properties): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${escapeValue(String(value))}\n`)
    .join('');
}

function escapeValue(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
