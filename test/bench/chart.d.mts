export function chart(results: unknown): string;
