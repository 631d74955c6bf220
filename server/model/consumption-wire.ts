/**
 * Whether a group has passed an event. `consumed`: it committed an offset behind it, after the first instant (null:
 * nobody looked before) and before the second. A group that was set forward has passed it, too.
 */
export type ConsumptionWire = { readonly group: string; readonly own: boolean } & (
  | {
      readonly state: 'consumed';
      readonly after: string | null;
      readonly before: string;
      /** It was set back since and will read the event again. */
      readonly set_back: boolean;
    }
  | {
      readonly state: 'not_yet';
      /** Records that the group has still to read, this one included. */
      readonly behind: string;
      readonly as_of: string;
    }
  | { readonly state: 'unknown'; readonly why: string }
);
