import type { AlertNotice } from './alert-notice.ts';
import type { ReceiverKind, SendReason } from './delivery-wire.ts';

/** How a receiver wants alerts told together, and when. Times in ms. */
export interface TellingRules {
  readonly groupBy: readonly string[];
  /** From the first news of a group until it is told. */
  readonly groupWaitMs: number;
  /** Between two notifications of one group. */
  readonly groupIntervalMs: number;
  /** From a notification until the same is told again, while it goes on. */
  readonly repeatIntervalMs: number;
  readonly sendResolved: boolean;
}

export const TELLING_DEFAULTS: TellingRules = {
  groupBy: ['alertname'],
  groupWaitMs: 30_000,
  groupIntervalMs: 5 * 60_000,
  repeatIntervalMs: 4 * 3_600_000,
  sendResolved: true,
};

/** What notifications are made for. */
export interface Addressee extends TellingRules {
  readonly name: string;
  readonly kind: ReceiverKind;
}

/** One firing of an alert in a group. */
export interface GroupMember extends Omit<AlertNotice, 'receivers'> {
  /** What the receiver was told last of this firing; null for nothing. */
  readonly told: 'firing' | null;
  /** Since when there is something to tell of it, epoch ms. */
  readonly newsAt: number;
}

/** Alerts with the same values of the labels that a receiver groups by. */
export interface NotificationGroup {
  readonly key: string;
  readonly labels: Readonly<Record<string, string>>;
  /** When the newest notification of it was made; null for none yet. Epoch ms. */
  readonly toldAt: number | null;
  /** At most one per fingerprint and firing. */
  readonly members: readonly GroupMember[];
}

/** What one notification says of one alert. */
export type ToldAlert = Omit<GroupMember, 'status' | 'told' | 'newsAt'> & { readonly status: 'firing' | 'resolved' };

/** One notification: what is told, and why. */
export interface Notification {
  readonly reason: SendReason;
  readonly status: 'firing' | 'resolved';
  /** News first; at most 200. */
  readonly alerts: readonly ToldAlert[];
  /** Alerts that were told before, go on, and did not fit. */
  readonly truncated: number;
}

/** What becomes of a group. */
export interface GroupPlan {
  /** Null: nothing goes on, and everything is told. */
  readonly group: NotificationGroup | null;
  readonly notification: Notification | null;
  /** When to look again, epoch ms; null when only news can change something. */
  readonly dueAt: number | null;
}
