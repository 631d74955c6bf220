import type { JsonObject } from '../model/json.ts';
import type { SchemaDocument, Undecided } from './compared-document.ts';
import type { TypeSet } from './field-types.ts';
import { type Own, OwnRules } from './own-rules.ts';
import type { Budget } from './pattern-language.ts';
import type { Atom, Rule, SchemaNode } from './schema-atom.ts';

/** Schemas that hold at one place of an instance, one inside another by `allOf` and `$ref`. */
const MOST_IN_PLACE = 200;

/**
 * Reads schemas of any draft as lists of rules, each once. Whatever cannot be read becomes a rule that nothing is known
 * of, so that no answer rests on it.
 */
export class AtomReader {
  readonly #nodes = new Map<JsonObject, SchemaNode>();
  readonly #own = new Map<number, Own>();
  readonly #flat = new Map<number, readonly Atom[]>();
  readonly #typeAtoms = new Map<TypeSet, Atom>();
  readonly #notAtoms = new Map<number, Atom>();
  readonly #budget: Budget;
  readonly #reasons: Set<Undecided>;
  #ids = 0;
  /** A schema under which everything is valid. */
  readonly anything: SchemaNode;

  constructor(budget: Budget, reasons: Set<Undecided>) {
    this.#budget = budget;
    this.#reasons = reasons;
    this.anything = this.nodeOf({ root: true, draft: null, resolve: () => undefined }, true);
  }

  /** The node of a schema in a document. */
  nodeOf(document: SchemaDocument, schema: JsonObject | boolean): SchemaNode {
    const known = typeof schema === 'boolean' ? undefined : this.#nodes.get(schema);
    if (known !== undefined) return known;
    const node: SchemaNode = { id: this.#nextId(), schema, document };
    if (typeof schema !== 'boolean') this.#nodes.set(schema, node);
    return node;
  }

  /** All rules that hold where a schema does: its own, and those of what it refers to or contains by `allOf`. */
  atomsOf(node: SchemaNode): readonly Atom[] {
    const known = this.#flat.get(node.id);
    if (known !== undefined) return known;
    const atoms: Atom[] = [];
    this.#flatten(node, atoms, new Set(), new Set());
    this.#flat.set(node.id, atoms);
    return atoms;
  }

  /** All rules of several schemas that hold at once, each rule once. */
  atomsOfAll(nodes: readonly SchemaNode[]): readonly Atom[] {
    const [only] = nodes;
    if (nodes.length === 1 && only !== undefined) return this.atomsOf(only);
    return [...new Set(nodes.flatMap((node) => this.atomsOf(node)))];
  }

  /** The rule that a value has one of these types. */
  typeAtom(types: TypeSet): Atom {
    const known = this.#typeAtoms.get(types);
    if (known !== undefined) return known;
    const atom = this.atom({ kind: 'types', types });
    this.#typeAtoms.set(types, atom);
    return atom;
  }

  /** The rule that a schema does not hold. */
  notAtom(node: SchemaNode): Atom {
    const known = this.#notAtoms.get(node.id);
    if (known !== undefined) return known;
    const atom = this.atom({ kind: 'not', node });
    this.#notAtoms.set(node.id, atom);
    return atom;
  }

  /** A rule of its own. */
  atom(rule: Rule): Atom {
    return { id: this.#nextId(), rule };
  }

  #nextId(): number {
    this.#ids += 1;
    return this.#ids;
  }

  #flatten(node: SchemaNode, atoms: Atom[], done: Set<number>, open: Set<number>): void {
    this.#budget.left -= 1;
    const reason = this.#budget.left < 0 ? 'too much work' : open.size > MOST_IN_PLACE ? 'too deep' : null;
    // A schema that holds only if it holds says nothing that could be relied on.
    if (reason !== null || open.has(node.id)) {
      atoms.push(this.#unread('$ref', node, reason ?? 'rule not understood'));
      return;
    }
    if (done.has(node.id)) return;
    done.add(node.id);
    open.add(node.id);
    const own = this.#readOwn(node);
    atoms.push(...own.atoms);
    for (const inside of own.inPlace) this.#flatten(inside, atoms, done, open);
    open.delete(node.id);
  }

  #readOwn(node: SchemaNode): Own {
    const known = this.#own.get(node.id);
    if (known !== undefined) return known;
    const own = new OwnRules(this, node, (keyword, reason) => this.#unread(keyword, node, reason));
    own.read();
    this.#own.set(node.id, own);
    this.#budget.left -= own.atoms.length;
    return own;
  }

  #unread(keyword: string, node: SchemaNode, reason: Undecided): Atom {
    this.#reasons.add(reason);
    return this.atom({ kind: 'other', keyword, text: null, node });
  }
}
