import { describe, expect, test } from '@jest/globals';
import { createLakiConnect, type LakiConnectEvent, type Options } from 'lakiconnect-middleware';

const told = (options: Options): LakiConnectEvent[] => {
  const events: LakiConnectEvent[] = [];
  createLakiConnect({ ...options, onEvent: (event) => events.push(event) });
  return events;
};

describe('At the start, operators are told', () => {
  test.each<[options: Options, option: string, reason: string]>([
    [{ timeoutMs: 15 }, 'timeoutMs', 'it is 15 milliseconds; if seconds were meant, set 15000'],
    [{ timeoutMs: 99 }, 'timeoutMs', 'it is 99 milliseconds; if seconds were meant, set 99000'],
    [{ lookupTimeoutMs: 2 }, 'lookupTimeoutMs', 'it is 2 milliseconds; if seconds were meant, set 2000'],
  ])('of %j', (options, option, reason) => {
    expect(told(options)).toEqual([{ type: 'misconfigured', level: 'warn', option, reason }]);
  });

  test.each<Options>([
    {},
    { timeoutMs: 100 },
    { lookupTimeoutMs: 10 },
    { timeoutMs: 15_000, lookupTimeoutMs: 2000 },
  ])('nothing of %j', (options) => {
    expect(told(options)).toEqual([]);
  });
});
