import type { Answer } from './answer.js';
import type { FakeRequest } from './request.js';

/** Answers a request in the provider's place; `proceed` does what was asked, and gives the provider's answer. */
export type Answering = (
  request: FakeRequest,
  proceed: () => Answer,
) => Answer | undefined | Promise<Answer | undefined>;

/** Which requests are meant; all, where nothing is said. */
export interface Match {
  readonly method?: string | undefined;
  /** Beneath the base URL, without a query: `/payment/direct`, or an expression. */
  readonly path?: string | RegExp | undefined;
  readonly merchantId?: string | undefined;
  /** How many of them: 1 by default. */
  readonly times?: number | undefined;
}

interface Line {
  readonly isMeant: (request: FakeRequest) => boolean;
  readonly answering: Answering;
  left: number;
}

/** What is to be answered in the provider's place. */
export interface Script {
  readonly add: (answering: Answering, match: Match) => void;
  /** The first that is meant for a request and not used up; it is used by that. */
  readonly next: (request: FakeRequest) => Answering | undefined;
  readonly clear: () => void;
}

export function createScript(): Script {
  let lines: Line[] = [];
  return {
    add(answering, { times = 1, ...match }) {
      lines.push({ isMeant: (request) => isMeant(match, request), answering, left: times });
    },
    next(request) {
      const line = lines.find((each) => each.isMeant(request));
      if (line === undefined) return undefined;
      if (--line.left <= 0) lines = lines.filter((each) => each !== line);
      return line.answering;
    },
    clear() {
      lines = [];
    },
  };
}

function isMeant({ method, path, merchantId }: Match, request: FakeRequest): boolean {
  return (
    (method === undefined || method.toUpperCase() === request.method) &&
    (merchantId === undefined || merchantId === request.merchantId) &&
    (path === undefined ||
      (typeof path === 'string' ? path === request.path : request.path.search(path) >= 0))
  );
}
