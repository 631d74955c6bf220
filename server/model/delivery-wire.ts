import type { AsOf } from './as-of.ts';

/** What a receiver understands: the body of Alertmanager's webhook, or a message as Slack takes it. */
export type ReceiverKind = 'webhook' | 'slack';

/** Where a secret comes from; it is never answered. */
export type SecretFrom = 'page' | 'environment' | 'file';

/** Who is told of alerts, and how. */
export interface ReceiverWire {
  readonly name: string;
  readonly kind: ReceiverKind;
  /** One of the file is only read here. */
  readonly from: 'throughline.yaml' | 'page';
  /** What can be shown of its address: without its query, of Slack's the host alone. Null where it stands in a file or the environment. */
  readonly address: string | null;
  /** Names of the headers that are sent besides; their values are never answered. */
  readonly headers: readonly string[];
  /** Null: its deliveries are not signed. */
  readonly secret: SecretFrom | null;
  /** Labels by which alerts are told together. */
  readonly group_by: readonly string[];
  readonly group_wait_ms: number;
  readonly group_interval_ms: number;
  readonly repeat_interval_ms: number;
  readonly send_resolved: boolean;
  /** It answered 410, so nothing is sent until it is changed, tested or a delivery is sent again; null otherwise. */
  readonly disabled: { readonly since: string; readonly reason: string } | null;
  /** Deliveries that wait for a try, and that were given up. */
  readonly waiting: number;
  readonly dead: number;
  readonly last_delivered_at: string | null;
}

/** `GET /receivers` */
export interface ReceiverList extends AsOf {
  /** By name. */
  readonly receivers: readonly ReceiverWire[];
}

/** `POST /receivers` (with `name`) and `PUT /receivers/{name}`. Durations are milliseconds. */
export interface ReceiverRequest {
  readonly name: string;
  readonly kind: ReceiverKind;
  /** Of a receiver that is changed: absent keeps what is stored. */
  readonly url?: string;
  /** Absent keeps what is stored; null takes it away. `whsec_…`, for `webhook` alone. */
  readonly secret?: string | null;
  /** Absent keeps what is stored. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly group_by?: readonly string[];
  readonly group_wait_ms?: number;
  readonly group_interval_ms?: number;
  readonly repeat_interval_ms?: number;
  readonly send_resolved?: boolean;
}

/** `waiting`: for its next try, or for an earlier delivery of its group. `dead`: given up, and can be sent again. */
export type DeliveryState = 'waiting' | 'delivered' | 'dead';

/** Why a notification was made, in the order in which it is asked. */
export type SendReason = 'first' | 'new alerts' | 'all resolved' | 'some resolved' | 'repeat' | 'test';

/**
 * How one try ended. `delivered`: 2xx. `refused`: the receiver answered something else. `failed`: it was not reached, or
 * its answer cannot be read. `forbidden`: its address is none that may be sent to. `lost`: the process ended before the
 * answer was noted. `open`: it is under way.
 */
export type AttemptOutcome = 'delivered' | 'refused' | 'failed' | 'forbidden' | 'lost' | 'open';

/** One try of a delivery. */
export interface AttemptWire {
  /** Counts from 1. */
  readonly number: number;
  readonly at: string;
  readonly latency_ms: number | null;
  readonly outcome: AttemptOutcome;
  /** HTTP status; null where there was no answer. */
  readonly status: number | null;
  /** What happened, for a person. */
  readonly sentence: string;
  /** Begin of the answer's body as text: what a stranger sent, data and never markup. */
  readonly excerpt: string | null;
  /** When it was to be tried again; null for not at all. */
  readonly next_try_at: string | null;
}

/** One notification for one receiver, with its tries. */
export interface DeliveryWire {
  /** UUID; the `webhook-id` of every try. */
  readonly id: string;
  readonly receiver: string;
  readonly state: DeliveryState;
  readonly reason: SendReason;
  /** `firing` while one of its alerts is. */
  readonly status: 'firing' | 'resolved';
  readonly group_labels: Readonly<Record<string, string>>;
  /** What it tells of: at most 200. */
  readonly alerts: readonly {
    readonly fingerprint: string;
    readonly name: string;
    readonly firing: number;
    readonly status: 'firing' | 'resolved';
  }[];
  readonly created_at: string;
  /** Of one that waits; null while an earlier one of its group is not done. */
  readonly next_try_at: string | null;
  readonly done_at: string | null;
  /** Why it waits or is dead, for a person; null when it is delivered or new. */
  readonly message: string | null;
  readonly attempt_count: number;
  /** The newest first, at most 20. */
  readonly attempts: readonly AttemptWire[];
}

/** `GET /deliveries` */
export interface DeliveryList extends AsOf {
  /** The newest first. */
  readonly deliveries: readonly DeliveryWire[];
  readonly next_cursor: string | null;
  /** Of all receivers, or the one asked for. */
  readonly waiting: number;
  readonly dead: number;
}
