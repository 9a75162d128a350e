export function reported(page: string, results: unknown): Promise<string>;
