import { createHmac } from 'node:crypto';
import { json } from 'node:stream/consumers';

/** What is known of a merchant of whom nothing else was told. */
const MERCHANT = { linked: true, kyc_status: 'approved', fee_model: 'PERCENT', lookups: 'up' };

/**
 * Stands in for LakiConnect: some of its documented endpoints, its API key, its envelopes. `answers` maps
 * the reference of a payment, or the id of a transaction, to what is answered in place of a success. The
 * merchant of each payment is added to `charged`.
 */
export function lakiconnectApi({ apiKey, answers, charged }) {
  const merchants = new Map();
  const merchantOf = (id) => merchants.get(id) ?? MERCHANT;

  function lookedUp(id, answer) {
    const merchant = merchantOf(id);
    if (merchant.lookups === 'down') return { status: 503, body: '<html><h1>503</h1><hr>nginx</html>' };
    return merchant.linked ? answer(merchant) : refusal(404, 'CONNECTED_MERCHANT_NOT_FOUND');
  }

  const endpoints = [
    {
      method: 'POST',
      path: /^\/payment\/direct$/,
      async answer(request) {
        const { reference } = await json(request);
        charged.push(merchantIn(request));
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
      answer: (request) =>
        lookedUp(merchantIn(request), ({ fee_model }) =>
          fee_model === null
            ? refusal(409, 'FEE_CONFIG_NOT_SET')
            : { status: 200, body: { fee_model, fee_value: 2 } },
        ),
    },
    {
      method: 'GET',
      path: /^\/lakiconnect\/connected-accounts\/([^/]+)$/,
      answer: (_request, id) =>
        lookedUp(id, ({ kyc_status }) => ({ status: 200, body: { id, status: 'active', kyc_status } })),
    },
    // Not LakiConnect's: tells the stand-in what it knows of a merchant from now on.
    {
      method: 'PUT',
      path: /^\/stand-in\/merchants\/([^/]+)$/,
      async answer(request, id) {
        const merchant = { ...merchantOf(id), ...(await json(request)) };
        merchants.set(id, merchant);
        return { status: 200, body: merchant };
      },
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

function merchantIn({ headers }) {
  return headers['x-connected-merchant-id'];
}

/** A webhook as LakiConnect sends it; its payload is not documented. */
export function webhookOf(merchantId, { status, secret }) {
  const body = JSON.stringify({
    event: 'kyc.updated',
    data: { connected_merchant_id: merchantId, kyc_status: status },
  });
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-lakiconnect-signature': `sha256=${signature}` },
    body,
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
