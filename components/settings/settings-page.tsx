'use client';

import Link from 'next/link';
import { useSearchParams } from 'next/navigation';
import type { ReactNode } from 'react';
import { AuditSection } from './audit-section.tsx';
import { ConnectionSection } from './connection-section.tsx';
import { DialectsSection } from './dialects-section.tsx';

/** A new section is one line here. */
const SECTIONS = [
  { key: 'connection', name: 'Connection', draw: () => <ConnectionSection /> },
  { key: 'dialects', name: 'Dialects', draw: () => <DialectsSection /> },
  { key: 'audit', name: 'Audit', draw: () => <AuditSection /> },
] as const satisfies readonly { key: string; name: string; draw: () => ReactNode }[];

/** What the product is set to, section by section; which one is in the address. */
export function SettingsPage() {
  const params = useSearchParams();
  const wanted = params.get('section') ?? 'dialects';
  const section = SECTIONS.find(({ key }) => key === wanted) ?? SECTIONS[1];
  return (
    <div className="sections">
      <nav aria-label="Sections">
        {SECTIONS.map(({ key, name }) => (
          <Link
            key={key}
            href={`/settings?${withSection(params, key)}`}
            aria-current={key === section.key ? 'page' : undefined}
          >
            {name}
          </Link>
        ))}
      </nav>
      <div className="min-w-0">{section.draw()}</div>
    </div>
  );
}

/** The time range stays, what was chosen inside a section does not. */
function withSection(params: URLSearchParams, section: string): string {
  const next = new URLSearchParams({ section });
  for (const name of ['from', 'to']) {
    const value = params.get(name);
    if (value !== null) next.set(name, value);
  }
  return next.toString();
}
