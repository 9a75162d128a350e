/** @throws Error if there is none yet. */
export function oneOf<T>(nodes: readonly T[]): T {
  const node = nodes[Math.floor(Math.random() * nodes.length)];
  if (node === undefined) throw new Error('no node of the cluster is known yet');
  return node;
}
