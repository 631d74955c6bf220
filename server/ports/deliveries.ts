import type { AlertNotice } from '../model/alert-notice.ts';
import type { DeliveryState, DeliveryWire, ReceiverRequest, ReceiverWire } from '../model/delivery-wire.ts';
import type { Addressee, GroupPlan, Notification, NotificationGroup } from '../model/notification.ts';
import type { Receiver } from '../model/receiver.ts';
import type { SendOutcome } from './send.ts';

/** Names of the tasks in the job library: making notifications of notices, and sending one. */
export const NOTIFY_TASK = 'notify';
export const DELIVER_TASK = 'deliver';

type Labels = Readonly<Record<string, string>>;

/** How notifications are made: the pure part, given to the store so that it runs inside a transaction. */
export interface NotificationRules {
  groupOf(receiver: Addressee, labels: Labels): { readonly key: string; readonly labels: Labels };
  /** @param now epoch ms */
  plan(group: NotificationGroup, notices: readonly AlertNotice[], receiver: Addressee, now: number): GroupPlan;
  bodyOf(notification: Notification, receiver: Pick<Addressee, 'name' | 'kind'>, group: NotificationGroup): string;
}

/** Makes deliveries of notices. */
export interface NoticeStore {
  /** Takes a bounded number of notices and of groups that are due, and writes what becomes of them, in one transaction. */
  step(rules: NotificationRules): Promise<void>;
}

/** A delivery that is to be tried now. */
export interface DeliveryTry {
  readonly id: string;
  /** Counts from 1. */
  readonly attempt: number;
  /** Tries that failed before it. */
  readonly failures: number;
  readonly receiver: Pick<Receiver, 'name' | 'kind' | 'url' | 'secret' | 'headers'>;
  readonly body: string;
}

/** How a try ended, and what follows. */
export interface DeliveryNote extends Omit<SendOutcome, 'outcome'> {
  readonly outcome: SendOutcome['outcome'] | 'lost';
  /** Epoch ms; null for no further try. */
  readonly nextTryAt: number | null;
  /** True when the receiver asked not to be tried before that. */
  readonly asked: boolean;
  /** The receiver wants nothing any more. */
  readonly gone: boolean;
}

/** What sending works with. A kill between any two calls loses nothing. */
export interface DeliveryStore {
  /** Begins a try; null where there is nothing to send: it is done, its turn has not come, or its receiver is not there. */
  begin(id: string): Promise<DeliveryTry | null>;
  note(delivery: Pick<DeliveryTry, 'id' | 'attempt'>, note: DeliveryNote): Promise<void>;
}

/** What somebody wants changed did not happen. `another host`: what is kept would go to a host that it was not given for. */
export type ReceiverRefusal =
  | 'no such receiver'
  | 'of the file'
  | 'name taken'
  | 'too many'
  | 'no url'
  | 'another host';

/** Filters of `GET /deliveries`, joined by and. */
export interface DeliveryFilter {
  readonly receiver?: string;
  readonly state?: DeliveryState;
  /** Fingerprint of an alert. */
  readonly alert?: string;
  readonly id?: string;
  readonly limit: number;
  readonly cursor?: string;
}

/** The web's side: receivers, and what was sent to them. */
export interface Receivers {
  list(): Promise<readonly ReceiverWire[]>;
  create(request: ReceiverRequest): Promise<ReceiverWire | ReceiverRefusal>;
  change(name: string, request: ReceiverRequest): Promise<ReceiverWire | ReceiverRefusal>;
  /** What waits for it is given up. */
  remove(name: string): Promise<'removed' | ReceiverRefusal>;
  /** Queues a delivery that says that it is a test. */
  test(name: string): Promise<DeliveryWire | ReceiverRefusal>;
  deliveries(filter: DeliveryFilter): Promise<{
    readonly deliveries: readonly DeliveryWire[];
    readonly nextCursor: string | null;
    readonly waiting: number;
    readonly dead: number;
  }>;
  /** Tries a delivery once more now, under its id and from the begin of the schedule; null for one that is not known. */
  resend(id: string): Promise<DeliveryWire | null>;
}
