/** Where an alert stands by what was read of it. */
export type AlertPhase = 'inactive' | 'pending' | 'firing' | 'resolved';

/** Why it cannot be told at the moment: nothing says it, or reading it failed. The phase stays what it was. */
export interface AlertTrouble {
  readonly kind: 'no data' | 'error';
  /** Epoch ms. */
  readonly since: number;
  /** A sentence. */
  readonly why: string;
}

/** One partition of a queue in the account of a depth rule. */
export interface LedgerPartition {
  readonly partition: number;
  /** As last seen. */
  readonly low: number;
  readonly high: number;
  /** Records below are accounted for: handled, or counted as left. */
  readonly settled: number;
}

/** What became of the records of a queue since its alert left `inactive`. */
export interface QueueLedger {
  /** Which life of the topic; null where nobody says. */
  readonly life: number | null;
  readonly partitions: readonly LedgerPartition[];
  /** Records in the queue that nobody has handled. */
  readonly depth: number;
  /** Records that left it by retention or deletion before anybody handled them. */
  readonly left: number;
  /** Of the newest mark "resolved" that is worked in, epoch ms. */
  readonly markedAt: number | null;
}

/** What receivers were told: they are told the end under the same labels. */
export interface Told {
  readonly as: 'firing' | 'withheld';
  readonly receivers: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** One alert as it is stored: a rule at what it was found at. Times are epoch ms. */
export interface AlertState {
  /** 16 hex digits, of the rule's name and the labels. */
  readonly fingerprint: string;
  readonly rule: string;
  /** What tells it from other alerts of the rule. */
  readonly labels: Readonly<Record<string, string>>;
  readonly phase: AlertPhase;
  readonly since: number;
  readonly trouble: AlertTrouble | null;
  /** Firings until now, the present one among them. */
  readonly firing: number;
  /** Begin and end of the present or the last firing. */
  readonly startsAt: number | null;
  readonly endsAt: number | null;
  /** Firing, but since then what it watches is not above its threshold any more. */
  readonly clearSince: number | null;
  readonly value: number | null;
  readonly ledger: QueueLedger | null;
  /** What was last told of the present firing, and to whom. */
  readonly told: Told | null;
  /** Of the present or the last firing. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** How an alert looks: its trouble before its phase. */
export type ShownState = AlertPhase | AlertTrouble['kind'];

/** A change of what an alert looks like. Epoch ms. */
export interface AlertTransition {
  readonly fingerprint: string;
  readonly rule: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly firing: number;
  readonly from: ShownState;
  readonly to: ShownState;
  readonly at: number;
  readonly value: number | null;
  readonly why: string | null;
}

/** What an alert looks like. */
export function shownState({ trouble, phase }: Pick<AlertState, 'trouble' | 'phase'>): ShownState {
  return trouble?.kind ?? phase;
}

/** What an operator said of a queue: everything in it until then is handled. */
export interface QueueMark {
  /** Epoch ms. */
  readonly at: number;
  readonly life: number | null;
  /** End of each partition at that time. */
  readonly offsets: Readonly<Record<string, number>>;
}
