import type { ReactNode } from 'react';
import { HATCH } from '@/components/ui/hatch.tsx';

/** What the strokes of an offsets line mean. */
export function OffsetsLegend() {
  return (
    <span className="sp t12 f1 wide-only flex gap-4">
      <Key name="deleted" draw={<path d="M0 4h24" stroke="var(--line-2)" />} />
      <Key name="stored" draw={<path d="M0 4h24" stroke="var(--fg-1)" strokeWidth="2" />} />
      <Key name="missing" draw={<rect y="0" width="24" height="8" fill={HATCH} />} />
      <Key
        name="not read yet"
        draw={<path d="M0 4h24" stroke="var(--line-3)" strokeWidth="2" strokeDasharray="1 4" />}
      />
    </span>
  );
}

function Key({ name, draw }: { name: string; draw: ReactNode }) {
  return (
    <span className="flex items-center gap-1.5">
      <svg width="24" height="8" aria-hidden="true">
        {draw}
      </svg>
      {name}
    </span>
  );
}
