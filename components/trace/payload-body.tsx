import type { Payload } from '@/server/model/wire.ts';
import type { PayloadMark } from './payload-marks.ts';
import { PayloadTree } from './payload-tree.tsx';

/** Characters of a text that is no tree, or was cut before it was whole. */
const MOST_TEXT = 20_000;

/** What a record carries, read where its schema was at hand: as a tree, else as text; `marks` say what is wrong where. */
export function PayloadBody({ payload, marks }: { payload: Payload; marks?: readonly PayloadMark[] }) {
  const shown = payload.decoded ?? payload;
  const isTree = !shown.truncated && (payload.decoded !== undefined || payload.encoding === 'json');
  if (isTree) return <PayloadTree text={shown.text} {...(marks !== undefined && { marks })} />;
  return <pre className="ln whitespace-pre-wrap break-all pl-5 text-ink-1">{shown.text.slice(0, MOST_TEXT)}</pre>;
}
