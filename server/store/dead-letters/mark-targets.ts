/** What a mark is on, as `dead_letter_mark` names it: the queue itself, a reason in it, or a record. */
export const QUEUE_TARGET = 'queue';
/** The key with or without its dashes. */
export const reasonTarget = (key: string): string => `reason:${key.replaceAll('-', '')}`;
export const recordTarget = (partition: number, offset: bigint | string): string => `record:${partition}/${offset}`;
