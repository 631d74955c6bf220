/**
 * Of flows that begin alike those that an episode has gone furthest in.
 * @param lastSeen the place of a flow's last step that was seen, without the event it begins with; -1 for none
 */
export function furthestIn<Flow>(begun: readonly Flow[], lastSeen: (flow: Flow) => number): readonly Flow[] {
  const places = begun.map(lastSeen);
  const furthest = Math.max(...places);
  return begun.filter((_, at) => places[at] === furthest);
}
