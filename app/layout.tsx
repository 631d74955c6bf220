import { GeistMono } from 'geist/font/mono';
import { GeistSans } from 'geist/font/sans';
import type { Metadata, Viewport } from 'next';
import { cookies } from 'next/headers';
import { type ReactNode, Suspense } from 'react';
import { Shell } from '@/components/shell/shell.tsx';
import { instantMs } from '@/components/ui/format-instant.ts';
import { web } from '@/server/runtime/web.ts';
import { attempt } from './attempt.ts';
import { rangeOf } from './search-params.ts';
import './globals.css';
import './docked.css';

export const metadata: Metadata = {
  title: { default: 'Throughline', template: '%s · Throughline' },
  description: 'The whole journey of every event',
};
export const viewport: Viewport = { width: 'device-width', initialScale: 1, colorScheme: 'light dark' };
export const dynamic = 'force-dynamic';

export default async function Layout({ children }: { children: ReactNode }) {
  const jar = await cookies();
  const theme = jar.get('theme')?.value;
  const coverage = await attempt(() => web().reads.coverage(rangeOf(new URLSearchParams())));
  const nowMs = coverage.value === null ? Date.now() : instantMs(coverage.value.as_of);
  return (
    <html
      lang="en"
      className={`${GeistSans.variable} ${GeistMono.variable}`}
      {...(theme === 'dark' || theme === 'light' ? { 'data-theme': theme } : {})}
    >
      <body>
        <Suspense>
          <Shell pulse={coverage.value} coverage={coverage} nowMs={nowMs} folded={jar.get('rail')?.value === 'folded'}>
            {children}
          </Shell>
        </Suspense>
      </body>
    </html>
  );
}
