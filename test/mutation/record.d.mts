export interface Entry {
  readonly digest: string;
  readonly mutants: number;
  readonly survivors: readonly (readonly [original: string, replacement: string])[];
}
export interface Score {
  readonly mutants: number;
  readonly noticed: number;
  readonly explained: number;
  readonly left: number;
}
export const CRITICAL: readonly string[];
export function readRecord(): Readonly<Record<string, Entry>>;
export function unexplained(file: string, survivors: Entry['survivors']): Entry['survivors'];
export function scoreOf(files: readonly string[]): Score;
