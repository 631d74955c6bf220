'use client';

import { PanelState } from '@/components/ui/panel-state.tsx';

export default function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <PanelState mark="stalled" title="This page could not be drawn">
      <p className="box">{error.digest ?? error.message}</p>
      <button type="button" className="ctl on" onClick={reset}>
        Try again
      </button>
    </PanelState>
  );
}
