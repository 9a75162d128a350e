/** A place that held no canary proves something only if it would have shown one. */
import { expect, test } from '@jest/globals';
import { CANARIES, canariesIn, EVERY } from './canaries.js';
import { logLines, SINKS, type SinkName } from './sinks.js';

const ALL = Object.values(CANARIES).join(' ');
const WRITTEN: readonly SinkName[] = ['a log line', 'a printed value'];

const hidden = (name: string, value: unknown): Error =>
  Object.defineProperty(new Error('Sorry'), name, { value, enumerable: false });

test.each<[string, readonly SinkName[], () => Error]>([
  ['its message', [...WRITTEN, 'its text and stack', 'its own and hidden properties'], () => new Error(ALL)],
  [
    'its stack',
    [...WRITTEN, 'its text and stack', 'its own and hidden properties'],
    () => Object.assign(new Error(), { stack: ALL }),
  ],
  [
    'a property',
    [...WRITTEN, 'its own and hidden properties'],
    () => Object.assign(new Error(), { config: { headers: { 'X-API-Key': ALL } } }),
  ],
  [
    'a hidden property',
    ['a printed value', 'its own and hidden properties'],
    () => hidden('config', { data: ALL }),
  ],
  [
    'a symbol property',
    ['a printed value', 'its own and hidden properties'],
    () => Object.assign(new Error(), { [Symbol('request')]: ALL }),
  ],
  [
    'a cause',
    [...WRITTEN, 'its own and hidden properties', 'its causes'],
    () => new Error('Sorry', { cause: new Error('Sorry', { cause: new Error(ALL) }) }),
  ],
  [
    'one of several errors',
    [...WRITTEN, 'its own and hidden properties', 'its causes'],
    () => new AggregateError([new Error(ALL)]),
  ],
  [
    'toJSON',
    ['a log line'],
    () => Object.create(new Error('Sorry'), { toJSON: { value: () => ALL } }) as Error,
  ],
])('a canary in %s of an error comes out where it would', (_, places, make) => {
  const error = make();
  const shown = Object.entries(SINKS).filter(([, pour]) => canariesIn(pour(error)) === EVERY);

  expect(shown.map(([name]) => name)).toEqual(expect.arrayContaining([...places]));
});

test('a record is one line of a log, whatever is in it', () => {
  const lines = logLines(new Error('a\r\nb\u2028c'), { text: 'a\nb' });

  expect(lines).toHaveLength(2);
  for (const line of lines) expect(line.indexOf('\n')).toBe(line.length - 1);
});
