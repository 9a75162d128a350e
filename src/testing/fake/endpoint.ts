import type { Answer } from './answer.js';
import type { FakeRequest } from './request.js';

/** One of LakiConnect's; the first group of its path, if there is one, is an id. */
export interface Endpoint {
  readonly method: string;
  /** Beneath the base URL. */
  readonly path: RegExp;
  readonly answer: (request: FakeRequest, id: string) => Answer;
}
