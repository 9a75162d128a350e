import fc from 'fast-check';

const SIZE = 64 * 1024;

/** One of each sort that an expression may treat apart. */
const SORTS = [...'aZ0_ -.:/;,=("<&%\t\n\0\u00e9\u1200\u202e\u2028'];

/** Texts of 64 KiB that should be hard on an expression: of its own alphabet, and nearly what it matches. */
export function adversariesOf(pattern: RegExp): ReadonlyMap<string, string> {
  const { source } = pattern;
  const own = [...new Set(source.replace(/\\[bBdDwWsSpPnrtu0]|\{[^}]*\}/g, '').replace(/\\/g, ''))].slice(
    0,
    40,
  );
  const letters = [...new Set([...own, ...SORTS])];
  const words = source.match(/[\w ]{3,}/g) ?? [];
  const samples = samplesOf(pattern);
  const units = [
    ...letters,
    ...own.slice(0, 7).flatMap((one) => own.slice(0, 7).map((other) => one + other)),
    ...words,
    ...samples,
    ...samples.map((sample) => sample.slice(0, -1)),
    ...samples.map((sample) => sample.slice(1)),
  ].filter((unit) => unit !== '');
  const ends = ['\0', 'a '];
  const begun = samples.flatMap((sample) =>
    letters.map((letter) => sample + filled(letter, SIZE - sample.length)),
  );
  return new Map([
    ...units.flatMap((unit) =>
      ends.map((end) => [`${unit}…${end}`, filled(unit, SIZE - end.length) + end] as const),
    ),
    ...begun.map((text, at) => [`begun ${at}`, text] as const),
  ]);
}

function filled(unit: string, length: number): string {
  return unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
}

/** What it does match, if such texts can be made of it; one with a look behind cannot. */
function samplesOf(pattern: RegExp): readonly string[] {
  try {
    const plain = new RegExp(
      pattern.source.replace(/\(\?<?[!=][^()]*\)/g, ''),
      pattern.flags.replace(/[gi]/g, ''),
    );
    return [
      ...new Set(fc.sample(fc.stringMatching(plain, { size: 'small' }), { seed: 4821, numRuns: 3 })),
    ].filter((sample) => sample.length > 0 && sample.length < 2000);
  } catch {
    return [];
  }
}
