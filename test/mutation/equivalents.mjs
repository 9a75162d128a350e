/** Mutants that change nothing that can be seen, by file: what stands there, what is put in, and why that is so. */
export const EQUIVALENTS = {
  'src/translation/evidence.ts': [['url !== undefined', 'true', 'no URL can be parsed from undefined']],
  'src/translation/face.ts': [['sent !== undefined', 'true', 'no row keeps the status undefined']],
  'src/translation/retry-after.ts': [
    ["field.endsWith('GMT')", "field.startsWith('GMT')", 'V8 reads "GMT GMT" as it reads "GMT"'],
  ],
};
