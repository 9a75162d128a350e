import type { Answer, Fault } from './answer.js';

const CUT_OFF: Answer = { status: 200, body: { status: 'SUCCESS' } };
const BAD_GATEWAY: Answer = {
  status: 502,
  body: '<html><head><title>502 Bad Gateway</title></head><body><hr>nginx</body></html>',
};

/** What a fault makes of an answer. */
const FAULTS = {
  'hang-headers': (answer) => ({ ...answer, fault: 'hang-headers' }),
  'hang-body': (answer) => ({ ...answer, fault: 'hang-body' }),
  cut: (answer) => ({ ...answer, fault: 'cut' }),
  reset: (answer) => ({ ...answer, fault: 'reset' }),
  slow: (answer, delayMs) => ({ ...answer, delayMs }),
  'bad-gateway': () => BAD_GATEWAY,
} as const satisfies Record<Fault | 'slow' | 'bad-gateway', (answer: Answer, delayMs: number) => Answer>;

/** What can befall an answer on its way. */
export type FaultName = keyof typeof FAULTS;

export const FAULT_NAMES = Object.keys(FAULTS) as readonly FaultName[];

export function isFault(name: string): name is FaultName {
  return Object.hasOwn(FAULTS, name);
}

/** An answer that comes to grief; a made-up one where there is none. */
export function spoilt(fault: FaultName, answer: Answer = CUT_OFF, delayMs = 1000): Answer {
  return FAULTS[fault](answer, delayMs);
}
