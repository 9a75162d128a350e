import Sequencer from '@jest/test-sequencer';
import { LONG } from '../jest.config.mjs';

/** In the order of the list: what measures memory or time comes first, while the process is still small. */
export default class Listed extends Sequencer {
  sort(tests) {
    const at = ({ path }) => LONG.findIndex((name) => path.endsWith(`/${name}.test.ts`));
    return [...tests].sort((a, b) => at(a) - at(b));
  }
}
