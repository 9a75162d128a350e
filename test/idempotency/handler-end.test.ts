import { describe, expect, test } from '@jest/globals';
import { EventEmitter } from 'node:events';
import { createOnHandlerEnd } from '../../src/idempotency/handler-end.js';
import { FakeResponse } from './fake-response.js';
import { virtualTime } from './virtual-time.js';

function open(response: FakeResponse = new FakeResponse()) {
  const time = virtualTime();
  const { timers, running } = time.process();
  const closing = new AbortController();
  const onHandlerEnd = createOnHandlerEnd(closing.signal, timers);
  let ends = 0;
  onHandlerEnd(response, () => ends++);
  return { response, time, running, closing, ends: () => ends };
}

type Step = 'answers' | 'hangs up' | 'settles' | 'a minute' | 'almost a minute';
const STEPS: Readonly<Record<Step, (opened: ReturnType<typeof open>) => unknown>> = {
  answers: ({ response }) => response.end(),
  'hangs up': ({ response }) => {
    response.hangUp();
  },
  settles: ({ response }) => {
    response.settle();
  },
  'a minute': ({ time }) => time.pass(60_000),
  'almost a minute': ({ time }) => time.pass(59_999),
};

describe('A handler', () => {
  test.each<[readonly Step[], readonly number[]]>([
    [['answers'], [1]],
    [
      ['a minute', 'answers'],
      [0, 1],
    ],
    [
      ['settles', 'a minute', 'answers'],
      [0, 0, 1],
    ], // a stream may be under way
    [
      ['settles', 'hangs up'],
      [0, 1],
    ],
    [
      ['hangs up', 'answers', 'settles'],
      [0, 1, 1],
    ],
    [
      ['hangs up', 'settles', 'answers'],
      [0, 1, 1],
    ],
    [
      ['hangs up', 'almost a minute', 'answers', 'a minute'],
      [0, 0, 1, 1],
    ],
    [
      ['hangs up', 'a minute', 'answers', 'settles'],
      [0, 1, 1, 1],
    ],
  ])('after %j has ended as often as %j', async (steps, ends) => {
    const opened = open();
    const counted: number[] = [];
    for (const step of steps) {
      await STEPS[step](opened);
      counted.push(opened.ends());
    }
    expect(counted).toEqual(ends);
    expect(opened.running()).toBe(0);
  });

  test('whose client left before it began has ended when it answers', () => {
    const gone = new FakeResponse();
    gone.hangUp();
    const { response, ends } = open(gone);
    expect(ends()).toBe(0);
    response.end();
    expect(ends()).toBe(1);
  });

  test('whose client left while its answer was on the way has ended', () => {
    const { response, ends } = open();
    response.writableEnded = true;
    response.hangUp();
    expect(ends()).toBe(1);
  });

  // HTTP/2 says 'finish' where a client has hung up, too.
  test('over HTTP/2 goes on after its client has left', () => {
    const stream = { destroyed: false };
    const { response, ends } = open(Object.assign(new FakeResponse(), { stream }));
    response.emit('finish');
    response.emit('close');
    expect(ends()).toBe(0);
    response.end();
    expect(ends()).toBe(1);
    stream.destroyed = true;
    const late = open(Object.assign(new FakeResponse(), { stream, destroyed: undefined as never }));
    late.response.settle();
    expect(late.ends()).toBe(1);
  });

  test('of a response that tells of its finish alone has ended with it', () => {
    const response = new EventEmitter();
    const { ends } = open(response as FakeResponse);
    response.emit('finish');
    expect(ends()).toBe(1);
  });

  test('ends its response as before, and gets what that gives', () => {
    const response = new FakeResponse();
    const given: unknown[] = [];
    response.end = function (this: FakeResponse, ...parts: unknown[]) {
      given.push(this, ...parts);
      return this;
    };
    open(response);
    response.hangUp();
    expect((response as { end(...parts: unknown[]): unknown }).end('paid', 'utf8')).toBe(response);
    expect(given).toEqual([response, 'paid', 'utf8']);
  });

  test('keeps no process alive, and no timer when the library is closed', async () => {
    const { response, running, closing, time, ends } = open();
    response.hangUp();
    expect([running(), time.unreferenced()]).toEqual([1, 1]);
    closing.abort();
    expect(running()).toBe(0);
    await time.pass(60_000);
    expect(ends()).toBe(0);
    response.end();
    expect(ends()).toBe(1);
  });
});
