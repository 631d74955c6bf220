import Link from 'next/link';
import { PanelState } from '@/components/ui/panel-state.tsx';

export default function NotFound() {
  return (
    <PanelState mark="unknown" title="There is no page at this address">
      <Link className="ctl" href="/">
        Overview
      </Link>
    </PanelState>
  );
}
