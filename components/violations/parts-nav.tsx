'use client';

import Link from 'next/link';
import { useSearchParams } from 'next/navigation';
import { PART_NAMES, partHref, readViolationsPart, type ViolationsPart } from './violations-parts.ts';

/** The way from one part of the page to another. */
export function PartsNav() {
  const params = useSearchParams();
  const here = readViolationsPart(params);
  return (
    <nav className="seg" aria-label="Parts of this page">
      {(Object.keys(PART_NAMES) as ViolationsPart[]).map((part) => (
        <Link key={part} href={partHref(params, part)} aria-current={part === here ? 'page' : undefined}>
          {PART_NAMES[part]}
        </Link>
      ))}
    </nav>
  );
}
