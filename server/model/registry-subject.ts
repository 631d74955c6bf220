/**
 * Under which subjects a schema of a topic's values is registered: by topic (`orders-value`), by topic and record
 * (`orders-shop.Placed`), or by record alone, which says nothing of a topic.
 */
export function isTopicSubject(subject: string, topic: string): boolean {
  return subject === `${topic}-value`;
}

/** By topic and record; which record is not asked. The schema of keys is none of it. */
export function isTopicRecordSubject(subject: string, topic: string): boolean {
  return subject.startsWith(`${topic}-`) && subject !== `${topic}-key`;
}

/** The subjects under which the schema of a topic's event type is registered, in the order in which they count. */
export function subjectsOf(topic: string, eventType: string): readonly [string, string, string] {
  return [`${topic}-value`, `${topic}-${eventType}`, eventType];
}
