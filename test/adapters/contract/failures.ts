/** Where these suites say that LakiConnect lives. Nothing there is ever asked. */
export const BASE = 'https://api.lakipay.test/api/v2';

interface Asked {
  readonly headers?: unknown;
  readonly method?: string;
  readonly url?: string;
}

/** What axios throws for an answer. */
export function answered(status: unknown, data: unknown, { headers = {}, ...asked }: Asked = {}): Error {
  return axiosError('ERR_BAD_REQUEST', asked, { status, response: { status, data, headers } });
}

/** What axios throws where no answer came. */
export function unanswered(code: string, asked: Asked = {}): Error {
  return axiosError(code, asked, {});
}

function axiosError(code: string, { method = 'post', url = `${BASE}/payment` }: Asked, parts: object): Error {
  const error = Object.assign(new Error('Request failed'), { code, config: { method, url }, ...parts });
  error.name = 'AxiosError';
  return error;
}

/** A function that throws what another makes, fresh at each call. */
export const throwing = (make: () => unknown) => () => {
  throw make();
};
