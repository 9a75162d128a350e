import type { LakiConnect, WebhookRequest } from '../../src/adapter/index.js';
import { misplaced } from './misplaced.js';

interface WebhookContext {
  readonly req: WebhookRequest['request'];
  readonly request: object;
  status: number;
  body: unknown;
  set(name: string, value: string): unknown;
  remove(name: string): unknown;
}

/** A webhook receiver as Koa's middleware, in structural types. */
export type KoaWebhook = (context: WebhookContext, next: () => Promise<unknown>) => Promise<void>;

export function webhookOf(receive: ReturnType<LakiConnect['receiver']>): KoaWebhook {
  async function answer(context: WebhookContext): Promise<void> {
    const { req, request } = context;
    const { rawBody, body } = request as { readonly rawBody?: unknown; readonly body?: unknown };
    const delivery = await receive({ request: req, kept: [rawBody, body] });
    if (delivery === 'gone') return;
    if (delivery.error !== undefined) throw delivery.error;
    context.status = delivery.status;
    if (!req.readableEnded) context.set('connection', 'close');
    context.body = '';
    context.remove('content-type');
  }
  // Throws at once what it was not made for: Express 4 hears of no rejection.
  return function lakiconnectWebhook(context, next) {
    if (typeof next !== 'function') throw misplaced('lakiconnect');
    return answer(context);
  };
}
