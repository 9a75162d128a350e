import Runner from 'jest-runner';

/** Runs suites one after another, in Jest's own process, before all that run side by side. */
export default class Alone extends Runner {
  isSerial = true;
}
