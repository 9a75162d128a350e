export function transpile(from: string, to: string): Promise<void>;
