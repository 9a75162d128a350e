type Mutant = readonly [original: string, replacement: string];
export declare const EQUIVALENTS: Readonly<Record<string, Readonly<Record<string, readonly Mutant[]>>>>;
