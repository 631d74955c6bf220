'use client';

import { useSearchParams } from 'next/navigation';
import type { ReactNode } from 'react';
import type { Loaded } from '@/components/live/loaded.ts';
import type { ViolationList } from '@/server/model/violation-wire.ts';
import { CoveragePart } from './coverage-part.tsx';
import { DriftPart } from './drift-part.tsx';
import { RegistryBanner } from './registry-banner.tsx';
import { UndecodablePart } from './undecodable-part.tsx';
import { ViolationLog } from './violation-log.tsx';
import { readViolationsPart, type ViolationsPart } from './violations-parts.ts';

/** Which events break their schema, which could not be read, and which no schema is for. */
export function ViolationsPage({ initial }: { initial: Loaded<ViolationList> }) {
  const part = readViolationsPart(useSearchParams());
  const parts: Record<ViolationsPart, () => ReactNode> = {
    log: () => <ViolationLog initial={initial} />,
    undecodable: () => <UndecodablePart />,
    coverage: () => <CoveragePart />,
    drift: () => <DriftPart />,
  };
  return (
    <>
      <RegistryBanner />
      {parts[part]()}
    </>
  );
}
