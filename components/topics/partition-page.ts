import type { Coverage } from '@/server/model/wire.ts';

/** Partitions of one page. */
export const PARTITIONS_PAGE = 100;

export type PartitionPage = Pick<Coverage, 'partitions' | 'next_cursor'>;
