import type { NoticeStore, NotificationRules } from '../ports/deliveries.ts';

/** The task that makes deliveries of notices. What fails is tried again by the job library: nothing was taken then. */
export function createNotifyTask(deps: {
  readonly store: NoticeStore;
  readonly rules: NotificationRules;
  onWorked(): void;
}): () => Promise<void> {
  return async () => {
    await deps.store.step(deps.rules);
    deps.onWorked();
  };
}
