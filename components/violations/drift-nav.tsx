'use client';

import Link from 'next/link';
import { useSearchParams } from 'next/navigation';

const PARTS = { log: 'Violations', drift: 'Drift' } as const;

/** The way between the log and drift; the range stays. */
export function DriftNav() {
  const params = useSearchParams();
  const here = params.get('tab') === 'drift' ? 'drift' : 'log';
  return (
    <nav className="seg" aria-label="Parts of this page">
      {(Object.keys(PARTS) as (keyof typeof PARTS)[]).map((part) => (
        <Link key={part} href={hrefOf(params, part)} aria-current={part === here ? 'page' : undefined}>
          {PARTS[part]}
        </Link>
      ))}
    </nav>
  );
}

function hrefOf(params: { get(name: string): string | null }, part: keyof typeof PARTS): string {
  const next = new URLSearchParams(part === 'log' ? {} : { tab: part });
  for (const name of ['from', 'to']) {
    const value = params.get(name);
    if (value !== null) next.set(name, value);
  }
  return next.size === 0 ? '/violations' : `/violations?${next}`;
}
