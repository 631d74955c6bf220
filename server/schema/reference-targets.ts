import { isJsonObject, type Json, type JsonObject, ownValue } from '../model/json.ts';
import { pointerStep } from '../model/json-pointer.ts';
import { refStandsAlone } from './drafts.ts';
import { resolveAddress, type SchemaDocument } from './schema-document.ts';

/** Where the references of one document lead, whatever addresses and names its schemas go by. */
export class ReferenceTargets {
  readonly #document: SchemaDocument;
  /** Schemas with an address of their own, the document itself first: their pointers. */
  readonly #addresses = new Map<string, string>();
  /** Pointers by address, `#` and name. */
  readonly #anchors = new Map<string, string>();

  constructor(document: SchemaDocument) {
    this.#document = document;
    this.#addresses.set(document.address, '');
    this.#read();
  }

  #read(): void {
    const { root, address } = this.#document;
    const open: { readonly value: Json; readonly pointer: string; readonly base: string }[] = [
      { value: root, pointer: '', base: address },
    ];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { value, pointer } = next;
      if (typeof value !== 'object' || value === null) continue;
      const base = isJsonObject(value) ? this.#baseOf(value, pointer, next.base) : next.base;
      for (const [key, child] of Object.entries(value)) {
        open.push({ value: child, pointer: pointer + pointerStep(key), base });
      }
    }
  }

  #baseOf(value: JsonObject, pointer: string, around: string): string {
    const { draft } = this.#document;
    const id = ownValue(value, draft === '4' ? 'id' : '$id');
    const isHidden = refStandsAlone(draft) && ownValue(value, '$ref') !== undefined;
    const own = typeof id === 'string' && pointer !== '' && !isHidden ? resolveAddress(id, around) : null;
    const base = own?.document ?? around;
    if (own !== null && own.fragment !== '') this.#anchors.set(`${base}#${own.fragment}`, pointer);
    else if (own !== null) this.#addresses.set(base, pointer);
    for (const key of ['$anchor', '$dynamicAnchor']) {
      const name = ownValue(value, key);
      if (typeof name === 'string') this.#anchors.set(`${base}#${name}`, pointer);
    }
    return base;
  }

  /** What an address and a fragment name in this document, as a JSON pointer; null for what is not in it. */
  pointerOf({ document, fragment }: { readonly document: string; readonly fragment: string }): string | null {
    const holder = this.#addresses.get(document);
    if (fragment !== '' && !fragment.startsWith('/')) return this.#anchors.get(`${document}#${fragment}`) ?? null;
    return holder === undefined ? null : holder + fragment;
  }

  /** The address that references of a schema are relative to. */
  baseAt(pointer: string): string {
    let [base, length] = [this.#document.address, 0];
    for (const [address, holder] of this.#addresses) {
      if (holder.length > length && `${pointer}/`.startsWith(`${holder}/`)) [base, length] = [address, holder.length];
    }
    return base;
  }
}
