import { caseOf } from './cases.mjs';
import { corpusOf } from './corpus.mjs';
import { isTampered } from './prototypes.mjs';
import { smallest } from './smallest.mjs';
import { createSubject } from './subject.mjs';

/**
 * What takes longer each time is a flaw: after the first time by the clock of the processor, for others may have the
 * machine, and several times, for a heap may be cleaned meanwhile.
 */
const MAX_MS = 50;
const TIMES = 4;

/** What has not ended by then never will: every deadline is half a second. */
const PENDING_MS = 10_000;

/** After so many cases it is seen whether a rejection was heard by nobody, or a prototype was changed. */
const BLOCK = 512;

const MAX_FINDINGS = 5;

/**
 * Puts mutated bodies and headers to the library, by a seed, the cases numbered `from` on. `tell` hears how many
 * are done.
 *
 * @returns how many, the slowest, and what was wrong: with the least body for which it is.
 */
export async function fuzz({ seed, from, cases, envelopes, tell = () => undefined }) {
  const corpus = corpusOf(envelopes);
  const subject = createSubject();
  const unhandled = [];
  const hear = (reason) => void unhandled.push(String(reason));
  const findings = [];
  const ways = {};
  let slowest = { ms: 0 };
  let number = from;

  /** What is wrong with a case, with all that comes of it later. */
  async function flawsOf(fuzzed) {
    const { ms, flaws } = await again(fuzzed);
    await new Promise(setImmediate);
    const late = unhandled.splice(0).map((reason) => `nobody heard of a rejection: ${reason}`);
    return [...flaws, ...slow(ms), ...late, ...(isTampered() ? ['a prototype was tampered with'] : [])];
  }

  /** Puts a case that was put before. */
  async function again(fuzzed) {
    const before = process.cpuUsage();
    const { ms, flaws } = await ended(subject.put(fuzzed));
    const { user, system } = process.cpuUsage(before);
    return { ms: Math.min(ms, (user + system) / 1000), flaws };
  }

  async function find(fuzzed, found) {
    Error.stackTraceLimit = stackTraceLimit;
    const flaws = await flawsOf(fuzzed);
    const kept = new Set([...found, ...flaws]);
    const isFlawed = async (bytes) => (await flawsOf({ ...fuzzed, bytes })).some((flaw) => kept.has(flaw));
    const bytes = await smallest(fuzzed.bytes, isFlawed);
    findings.push({ seed, number: fuzzed.number, flaws: found, again: flaws, case: shown(fuzzed, bytes) });
    Error.stackTraceLimit = 0;
  }

  async function look(first) {
    await new Promise(setImmediate);
    if (unhandled.splice(0).length === 0 && !isTampered()) return;
    for (let at = first; at < number; at++) {
      const fuzzed = caseOf(seed, at, corpus);
      const flaws = await flawsOf(fuzzed);
      if (flaws.length > 0) return find(fuzzed, flaws);
    }
    findings.push({
      seed,
      number: first,
      flaws: [`something was wrong after one of the cases up to ${number}`],
    });
  }

  // Most errors here are never looked at, and their stacks are most of what they cost.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  process.on('unhandledRejection', hear);
  try {
    while (number < from + cases && findings.length < MAX_FINDINGS) {
      const fuzzed = caseOf(seed, number, corpus);
      number++;
      const put = subject.put(fuzzed);
      let { ms, flaws } = typeof put.then === 'function' ? await ended(put) : put;
      for (let times = 1; times < TIMES && ms > slowest.ms; times++)
        ms = Math.min(ms, (await again(fuzzed)).ms);
      flaws = [...flaws, ...slow(ms)];
      if (ms > slowest.ms) slowest = { ms, number: fuzzed.number, way: fuzzed.way };
      ways[fuzzed.way] = (ways[fuzzed.way] ?? 0) + 1;
      if (flaws.length > 0) await find(fuzzed, flaws);
      if (number % BLOCK === 0 || number === from + cases) {
        await look(Math.max(number - (number % BLOCK || BLOCK), from));
        tell(number - from);
      }
    }
  } finally {
    process.off('unhandledRejection', hear);
    Error.stackTraceLimit = stackTraceLimit;
    await subject.close();
  }
  return { cases: number - from, ways, slowest, findings };
}

/** What comes of a case, or that nothing does. */
async function ended(put) {
  let timer;
  const pending = new Promise((resolve) => {
    timer = setTimeout(resolve, PENDING_MS, { ms: 0, flaws: ['it did not end'] });
  });
  try {
    return await Promise.race([put, pending]);
  } finally {
    clearTimeout(timer);
  }
}

function slow(ms) {
  return ms > MAX_MS ? [`it took more than ${MAX_MS} ms`] : [];
}

/** A case as it can be read in a terminal. */
function shown({ bytes: _bytes, ...fuzzed }, bytes) {
  return { ...fuzzed, body: bytes.toString(), base64: bytes.toString('base64') };
}
