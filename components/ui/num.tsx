import Link from 'next/link';
import { formatCount } from './format-number.ts';

/** A count: thousands marked, `≥` when it is a lower bound, dotted underline when it opens what it counts. */
export function Num({ value, bound = false, href }: { value: number | string; bound?: boolean; href?: string }) {
  const text = `${bound ? '≥ ' : ''}${formatCount(value)}`;
  return href === undefined ? (
    <span className="m">{text}</span>
  ) : (
    <Link className="m x" href={href}>
      {text}
    </Link>
  );
}
