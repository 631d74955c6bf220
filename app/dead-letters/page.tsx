import type { Metadata } from 'next';
import { DeadLettersPage } from '@/components/dead-letters/dead-letters-page.tsx';
import './dead-letters.css';

export const metadata: Metadata = { title: 'Dead letters' };

export default function Page() {
  return <DeadLettersPage />;
}
