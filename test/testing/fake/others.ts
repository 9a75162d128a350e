import { afterEach } from '@jest/globals';
import {
  createFakeLakiConnect,
  type FakeLakiConnect,
  type FakeOptions,
} from 'lakiconnect-middleware/testing';

/** Starts fakes that are closed after each test, however that ends. */
export function others(): (options?: FakeOptions) => Promise<FakeLakiConnect> {
  const open: FakeLakiConnect[] = [];
  afterEach(async () => {
    for (const fake of open.splice(0)) await fake.close();
  });
  return async (options) => {
    const fake = await createFakeLakiConnect(options);
    open.push(fake);
    return fake;
  };
}
