import { json } from 'node:stream/consumers';

/**
 * Stands in for LakiConnect: some of its documented endpoints, its API key, its envelopes. `answers` maps
 * the reference of a payment, or the id of a transaction, to what is answered in place of a success.
 */
export function lakiconnectApi({ apiKey, answers }) {
  const endpoints = [
    {
      method: 'POST',
      path: /^\/payment\/direct$/,
      async answer(request) {
        const { reference } = await json(request);
        return answers.get(reference) ?? { status: 200, body: started(reference) };
      },
    },
    {
      method: 'GET',
      path: /^\/payment\/transaction\/([^/]+)$/,
      answer: (_request, id) => answers.get(id) ?? { status: 200, body: paid(id) },
    },
    {
      method: 'GET',
      path: /^\/lakiconnect\/connected-accounts\/fee-config$/,
      answer: () => ({ status: 200, body: { fee_model: 'PERCENT', fee_value: 2 } }),
    },
    {
      method: 'GET',
      path: /^\/lakiconnect\/connected-accounts\/([^/]+)$/,
      answer: (_request, id) => ({ status: 200, body: { id, status: 'active', kyc_status: 'approved' } }),
    },
  ];

  async function answerTo(request) {
    if (request.headers['x-api-key'] !== apiKey) return refusal(401, 'UNAUTHORIZED');
    for (const { method, path, answer } of endpoints) {
      const found = request.method === method ? path.exec(request.url.replace(/^\/api\/v2/, '')) : null;
      if (found !== null) return answer(request, ...found.slice(1));
    }
    return refusal(404, 'NOT_FOUND');
  }

  return async (request, response) => {
    const answer = await answerTo(request).catch(() => refusal(400, 'VALIDATION_ERROR'));
    await send(response, answer);
  };
}

/** The documented error envelope. */
export function documented(code, message, details) {
  return { error: { code, message, ...(details && { details }) }, request_id: 'req_1a2b3c4d5e6f' };
}

function refusal(status, code) {
  return { status, body: documented(code, 'The request was refused.') };
}

/** A payment that has begun, in the flat form. */
export function started(reference) {
  return {
    success: true,
    status: 'PENDING',
    message: 'Payment initiated',
    reference_id: reference,
    lakipay_transaction_id: 'TXN-123456789',
    merchant_pays_fee: false,
  };
}

function paid(id) {
  return { status: 'SUCCESS', data: { transaction_id: id, status: 'SUCCESS' } };
}

/** `fault`: `silent` and `half` never end, `cut` and `reset` end too early. */
async function send(response, { status, headers = {}, body = '', fault }) {
  if (fault === 'silent') return;
  if (fault === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  const [type, text] =
    typeof body === 'object'
      ? ['application/json', JSON.stringify(body)]
      : [body.startsWith('<') ? 'text/html' : 'text/plain', body];
  response.writeHead(status, {
    'content-type': `${type}; charset=utf-8`,
    'content-length': Buffer.byteLength(text),
    // What no reply of the platform may pass on.
    'set-cookie': 'laki_sid=s3cret; HttpOnly',
    ...(status === 401 && { 'www-authenticate': 'Basic realm="LakiConnect"' }),
    ...headers,
  });
  if (fault === undefined) {
    response.end(text);
    return;
  }
  response.write(text.slice(0, text.length / 2), () => {
    if (fault === 'cut') response.socket?.destroy();
  });
}
