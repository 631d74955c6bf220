'use client';

import { useEffect, useState } from 'react';

/** Seconds since `sinceMs` by the browser's clock, counted while `counting`; null else. */
export function useSeconds(counting: boolean, sinceMs: number | null): number | null {
  const [seconds, setSeconds] = useState<number | null>(null);
  useEffect(() => {
    if (!counting || sinceMs === null) {
      setSeconds(null);
      return;
    }
    const count = () => setSeconds(Math.max(1, Math.round((Date.now() - sinceMs) / 1000)));
    count();
    const timer = setInterval(count, 1000);
    return () => clearInterval(timer);
  }, [counting, sinceMs]);
  return seconds;
}
