import { redirect } from 'next/navigation';
import { idFromSegments } from '@/components/trace/trace-path.ts';

/** `/dead-letters/{topic}`: the page of all queues with this one selected. */
export default async function Page({ params }: { params: Promise<{ topic: string[] }> }) {
  const { topic } = await params;
  redirect(`/dead-letters?${new URLSearchParams({ queue: idFromSegments(topic) })}`);
}
