export function pageOf(results: unknown): Promise<string>;
