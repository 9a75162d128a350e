export declare const EQUIVALENTS: Readonly<
  Record<string, readonly (readonly [original: string, replacement: string, why: string])[]>
>;
