import Sequencer from '@jest/test-sequencer';

/** Suites that measure memory or time: first, while the process is still small. */
const MEASURING = [
  'guards/heap',
  'provider/heap',
  'adapters/burst',
  'provider/client.payments',
  'guards/facts.schedules',
  'load/payments',
];

export default class MeasuringFirst extends Sequencer {
  async sort(tests) {
    const rank = ({ path }) => {
      const at = MEASURING.findIndex((name) => path.endsWith(`${name}.test.ts`));
      return at === -1 ? MEASURING.length : at;
    };
    return [...(await super.sort(tests))].sort((a, b) => rank(a) - rank(b));
  }
}
