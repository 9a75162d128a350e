/** How often a long suite does its work: `full` times, or a part of them. CI takes `SHARE=0.1`. */
export function rounds(full: number): number {
  return Math.ceil(full * Number(process.env['SHARE'] ?? 1));
}
