import type { AsOf } from './as-of.ts';

/** A team that is called, as the operator declared it. */
export interface OwnerWire {
  readonly team: string;
  readonly contact: string | null;
  /** An http or https address. */
  readonly run_book: string | null;
}

/** Whose something is: a null `owner` says that nobody owns it. */
export interface WhoseWire {
  /** The service it is about; null when that is not known. */
  readonly service: string | null;
  readonly system: string | null;
  readonly owner: OwnerWire | null;
}

/** `GET /owners`: what is declared, in the order in which it counts, and what nobody owns. */
export interface OwnerList extends AsOf {
  readonly owners: readonly (OwnerWire & {
    /** Names and patterns as they were declared. */
    readonly services: readonly string[];
    readonly topics: readonly string[];
    /** What was seen and is theirs. */
    readonly owns: NamesWire;
  })[];
  readonly systems: readonly {
    readonly name: string;
    readonly services: readonly string[];
    readonly seen: readonly string[];
  }[];
  /** What was seen and is nobody's. */
  readonly unowned: NamesWire;
  /** More names were seen than are looked at; those above are some of them. */
  readonly more_seen: boolean;
}

export interface NamesWire {
  readonly services: readonly string[];
  readonly topics: readonly string[];
}
