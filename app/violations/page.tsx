import type { Metadata } from 'next';
import { LOADING } from '@/components/live/loaded.ts';
import { ViolationsPage } from '@/components/violations/violations-page.tsx';
import './violations.css';

export const metadata: Metadata = { title: 'Violations' };

export default function Page() {
  return <ViolationsPage initial={LOADING} />;
}
