interface Arrow {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** How much it matters that it leads forward; 0 where nothing goes along it. */
  readonly weight: number;
}

/**
 * Ids of the edges that run backwards: without them the graph has no cycle. Places are put in a row, where events begin
 * first, where they end last, and in a cycle first the one with most going out (the greedy heuristic of Eades, Lin and
 * Smyth); an edge against the row goes back, unless it closes no cycle. The same for the same graph, in any order.
 */
export function cutBackEdges(nodes: readonly string[], edges: readonly Arrow[]): ReadonlySet<string> {
  const ordered = [...edges].sort((a, b) => b.weight - a.weight || compare(a.id, b.id));
  const row = new Map(inRow([...nodes].sort(compare), ordered).map((id, at) => [id, at]));
  const back = new Set<string>();
  const forward = new Map<string, string[]>();
  const against: Arrow[] = [];
  const admit = ({ from, to }: Arrow) => forward.set(from, [...(forward.get(from) ?? []), to]);
  for (const edge of ordered) {
    if ((row.get(edge.from) ?? 0) < (row.get(edge.to) ?? 0)) admit(edge);
    else against.push(edge);
  }
  for (const edge of against) {
    if (reaches(forward, edge.to, edge.from)) back.add(edge.id);
    else admit(edge);
  }
  return back;
}

/** Places from where events begin to where they end. */
function inRow(nodes: readonly string[], edges: readonly Arrow[]): string[] {
  const left = new Set(nodes);
  const outs = new Map<string, Arrow[]>(nodes.map((id) => [id, []]));
  const ins = new Map<string, Arrow[]>(nodes.map((id) => [id, []]));
  const sums = { out: new Map<string, number>(), in: new Map<string, number>() };
  for (const edge of edges) {
    if (edge.weight <= 0 || edge.from === edge.to) continue;
    outs.get(edge.from)?.push(edge);
    ins.get(edge.to)?.push(edge);
    sums.out.set(edge.from, (sums.out.get(edge.from) ?? 0) + edge.weight);
    sums.in.set(edge.to, (sums.in.get(edge.to) ?? 0) + edge.weight);
  }
  const [head, tail]: [string[], string[]] = [[], []];
  const take = (id: string, onto: string[]) => {
    left.delete(id);
    onto.push(id);
    for (const { to, weight } of outs.get(id) ?? []) sums.in.set(to, (sums.in.get(to) ?? 0) - weight);
    for (const { from, weight } of ins.get(id) ?? []) sums.out.set(from, (sums.out.get(from) ?? 0) - weight);
  };
  while (left.size > 0) {
    const rest = [...left];
    const source = rest.find((id) => (sums.in.get(id) ?? 0) <= 0);
    const sink = source === undefined ? rest.find((id) => (sums.out.get(id) ?? 0) <= 0) : undefined;
    if (sink !== undefined) take(sink, tail);
    else take(source ?? mostOut(rest, sums), head);
  }
  return [...head, ...tail.reverse()];
}

function mostOut(
  nodes: readonly string[],
  sums: { readonly out: ReadonlyMap<string, number>; readonly in: ReadonlyMap<string, number> },
): string {
  const lead = (id: string) => (sums.out.get(id) ?? 0) - (sums.in.get(id) ?? 0);
  return nodes.reduce((best, id) => (lead(id) > lead(best) ? id : best));
}

/** Whether a way leads from one place to another. Without recursion: a chain of thousands must not end the stack. */
function reaches(forward: ReadonlyMap<string, readonly string[]>, from: string, goal: string): boolean {
  const seen = new Set([from]);
  const open = [from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === goal) return true;
    for (const next of forward.get(id) ?? [])
      if (!seen.has(next)) {
        seen.add(next);
        open.push(next);
      }
  }
  return false;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
