// How a worker's places are shared among the kinds of runs. Pure.

/**
 * How many more runs of a kind a worker of so many places may begin, by how many it has of each. Half of the places are the kinds' own, as many for each:
 * however many long runs of one kind are due, the others need not wait for one of them to end. The rest is whoever's comes first. Of fewer than two places
 * a kind, all are the rest.
 */
export function roomFor<Kind>(kind: Kind, places: number, taken: ReadonlyMap<Kind, number>): number {
  const own = Math.floor(places / (2 * taken.size))
  let shared = places - own * taken.size
  for (const count of taken.values()) shared -= Math.max(0, count - own)
  return Math.max(0, own - taken.get(kind)!) + Math.max(0, shared)
}

/** Who is served first when there is room again: whoever has least of it; among equals, in the order given. */
export const byTaken = <Kind>(kinds: Iterable<Kind>, taken: ReadonlyMap<Kind, number>): Kind[] => [...kinds].sort((one, other) => taken.get(one)! - taken.get(other)!)
