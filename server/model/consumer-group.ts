/** One member of a consumer group. */
export interface GroupMember {
  readonly clientId: string;
  readonly host: string;
  /** Set for static members. */
  readonly instanceId: string | null;
}

/** What is known of a group besides its offsets. */
export interface GroupFacts {
  /** `classic`, `consumer` (KIP-848), `share`, `streams`; null where the broker does not say. */
  readonly type: string | null;
  /** `consumer`, `connect` …; empty for one that only commits offsets. */
  readonly protocolType: string;
  /** As the coordinator says it; null for a group that cannot be described. Never `Dead` for one that is listed. */
  readonly state: string | null;
  /** Why it cannot be described, in words; null when it is. */
  readonly undescribable: string | null;
  /** How many; null while not known. */
  readonly memberCount: number | null;
  /** At most `MEMBERS_KEPT` of them. */
  readonly members: readonly GroupMember[];
}

/** Members of one group that are kept and shown; more are only counted. */
export const MEMBERS_KEPT = 50;
