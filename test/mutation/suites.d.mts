export const SUITES: Readonly<Record<string, readonly string[]>>;
export function suitesOf(file: string): string[];
export function filesOf(path: string): string[];
