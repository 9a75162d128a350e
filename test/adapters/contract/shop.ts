import type { Response } from 'supertest';
import type { LakiConnectEvent, Options } from 'lakiconnect-middleware';
import { documented, succeeded } from '../../envelopes.js';
import type { Answer, Upstream } from '../../upstream.js';
import { BASE } from './failures.js';
import type { AnyRequest, Harness, Setup } from './harness.js';
import { serve, serveUpstream, type Server } from './server.js';

/** How a merchant stands with LakiConnect. */
export type Standing = 'approved' | 'pending' | 'without a fee' | 'unlinked';

export const FEE = { fee_model: 'PERCENT', fee_value: 2 };

export interface Shop {
  readonly server: Server;
  readonly provider: Upstream;
  /** By merchant; who is not in it is approved. */
  readonly standing: Map<string, Standing>;
  /** What LakiConnect answers to a payment. */
  readonly payment: { answer: Answer };
  /** One request to the route, for a merchant. */
  readonly pay: (merchantId?: string, headers?: Record<string, string>) => Promise<Response>;
  /** Every lookup so far, as the path that it asked. */
  readonly lookups: () => string[];
  readonly told: (type: LakiConnectEvent['type']) => LakiConnectEvent[];
  /** How many requests have come to the route. */
  readonly reached: () => number;
}

type ShopSetup = Partial<Omit<Setup, 'options'>> & { readonly options?: Options<AnyRequest> };

/** An app with one route, guarded unless `setup` says otherwise, and a LakiConnect that it can ask. */
export async function openShop(harness: Harness, setup: ShopSetup = {}): Promise<Shop> {
  const standing = new Map<string, Standing>();
  const payment: Shop['payment'] = { answer: { status: 200, body: succeeded } };
  const provider = await serveUpstream();
  provider.answer(({ url, headers }) => {
    const last = url.slice(url.lastIndexOf('/') + 1);
    if (!url.includes('/connected-accounts/')) return payment.answer;
    return last === 'fee-config'
      ? feeAnswer(standing.get(String(headers['x-connected-merchant-id'])))
      : kycAnswer(standing.get(decodeURIComponent(last)));
  });

  const events: LakiConnectEvent[] = [];
  let reached = 0;
  const server = await serve(harness, {
    before: (laki) => [laki.preflight()],
    ...setup,
    options: {
      apiKey: 'lk_pub_1:lk_sec_1',
      baseUrl: provider.url,
      origins: [new URL(BASE).origin],
      merchantId: ({ headers }) => headers['x-merchant'] as string | undefined,
      onEvent: (event) => events.push(event),
      ...setup.options,
    },
    route: (exchange) => {
      reached++;
      return setup.route === undefined ? exchange.send('paid', 201) : setup.route(exchange);
    },
  });

  return {
    server,
    provider,
    standing,
    payment,
    pay: (merchantId, headers = {}) =>
      server.ask(merchantId === undefined ? headers : { 'x-merchant': merchantId, ...headers }),
    lookups: () =>
      provider.requests
        .filter(({ method }) => method === 'GET')
        .map(({ url }) => url.split('accounts')[1] ?? ''),
    told: (type) => events.filter((event) => event.type === type),
    reached: () => reached,
  };
}

function kycAnswer(standing: Standing = 'approved'): Answer {
  if (standing === 'unlinked') return { status: 404, body: documented('CONNECTED_MERCHANT_NOT_FOUND') };
  return { status: 200, body: { kyc_status: standing === 'pending' ? 'pending' : 'approved' } };
}

function feeAnswer(standing: Standing = 'approved'): Answer {
  if (standing === 'unlinked') return { status: 404, body: documented('CONNECTED_MERCHANT_NOT_FOUND') };
  return standing === 'without a fee'
    ? { status: 404, body: documented('FEE_CONFIG_NOT_SET') }
    : { status: 200, body: FEE };
}
