import type { WebhookRequest, LakiConnect } from '../../src/adapter/index.js';
import { misplaced } from './misplaced.js';

/** A webhook receiver as Express's middleware, in structural types. */
export type ExpressWebhook = (
  request: WebhookRequest['request'] & { readonly body?: unknown },
  response: OutgoingResponse,
  next: (error?: unknown) => void,
) => void;

interface OutgoingResponse {
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  end(): unknown;
}

export function webhookOf(receive: ReturnType<LakiConnect['receiver']>): ExpressWebhook {
  return function lakiconnectWebhook(request, response, next) {
    if (typeof next !== 'function') throw misplaced('lakiconnect');
    const { rawBody, body } = request as { readonly rawBody?: unknown; readonly body?: unknown };
    receive({ request, kept: [rawBody, body] })
      .then((delivery) => {
        if (delivery === 'gone') return;
        if (delivery.error !== undefined) throw delivery.error;
        response.statusCode = delivery.status;
        if (!request.readableEnded) response.setHeader('connection', 'close');
        response.end();
      })
      .catch(next);
  };
}
