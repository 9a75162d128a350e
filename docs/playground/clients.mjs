import axios from 'axios';
import got from 'got';

/**
 * One request with each of three HTTP clients. `send` goes inside `laki.call`, `read` comes after it:
 * fetch hands its whole Response to `call`, because of an error's JSON alone nobody can tell the status.
 */
const CLIENTS = {
  axios: {
    send: ({ url, method, headers, body, signal }) => axios({ url, method, headers, data: body, signal }),
    read: ({ data }) => data,
  },
  fetch: {
    send: ({ url, method, headers, body, signal }) =>
      fetch(url, {
        method,
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal,
      }),
    read: (response) => response.json(),
  },
  got: {
    send: ({ url, method, headers, body, signal }) =>
      got(url, { method, headers, json: body, responseType: 'json', retry: { limit: 0 }, signal }),
    read: ({ body }) => body,
  },
};

export const CLIENT_NAMES = Object.keys(CLIENTS);

/** The clients, each knowing where LakiConnect is and who asks; axios where none of them is named. */
export function clientsFor({ baseUrl, apiKey }) {
  return (name) => {
    const { send, read } = Object.hasOwn(CLIENTS, name) ? CLIENTS[name] : CLIENTS.axios;
    return {
      send: ({ path, merchantId, idempotencyKey, ...request }) =>
        send({
          url: `${baseUrl}${path}`,
          headers: {
            'X-API-Key': apiKey,
            'X-Connected-Merchant-ID': merchantId,
            ...(idempotencyKey && { 'Idempotency-Key': idempotencyKey }),
          },
          ...request,
        }),
      read,
    };
  };
}
