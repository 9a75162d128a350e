export declare const CRITICAL: readonly string[];
