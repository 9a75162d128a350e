import Sequencer from '@jest/test-sequencer';

/** Suites that run alone come first: Jest begins with the runner of the first of all. */
export default class AloneFirst extends Sequencer {
  async sort(tests) {
    const isAlone = ({ context }) => context.config.displayName?.name === 'alone';
    return [...(await super.sort(tests))].sort((a, b) => isAlone(b) - isAlone(a));
  }
}
