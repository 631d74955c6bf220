/** One member of a group, as its coordinator knows it. */
export interface DescribedMember {
  readonly clientId: string;
  readonly host: string;
  /** Set for static members. */
  readonly instanceId: string | null;
}

/** A group as its coordinator describes it; with an error code the other fields say nothing. */
export interface GroupDescription {
  readonly group: string;
  readonly errorCode: number;
  readonly state: string;
  readonly members: readonly DescribedMember[];
}
