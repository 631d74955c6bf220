import type { Metadata } from 'next';
import { AlertsPage } from '@/components/alerts/alerts-page.tsx';
import './alerts.css';

export const metadata: Metadata = { title: 'Alerts' };

export default function Page() {
  return <AlertsPage />;
}
