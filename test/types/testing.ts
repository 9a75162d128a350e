import { expect } from '@jest/globals';
import { matchers, type LakiConnectMatchers } from 'lakiconnect-middleware/testing';

declare module 'expect' {
  interface Matchers<R> extends LakiConnectMatchers<R> {}
  interface AsymmetricMatchers extends LakiConnectMatchers {}
}

expect.extend(matchers);

expect({}).toBeProblem('NOT_FOUND', 404) satisfies void;
expect({}).not.toLeakNothingFrom(['a', 'b']) satisfies void;
await expect(Promise.resolve({})).resolves.toBeProblem('NOT_FOUND', 404);
expect({}).toEqual({ response: expect.toLeakNothingFrom('a') });

// @ts-expect-error the code comes first
expect({}).toBeProblem(404, 'NOT_FOUND');
// @ts-expect-error a status is missing
expect({}).toBeProblem('NOT_FOUND');
// @ts-expect-error that is no secret
expect({}).toLeakNothingFrom(42);
