import pino from 'pino';
import { inspect } from 'node:util';
import type { LakiConnect } from 'lakiconnect-middleware';

/** What a platform's logger writes of some records, a line for each. */
export function logLines(...records: readonly object[]): string[] {
  const lines: string[] = [];
  const logger = pino({ level: 'trace' }, { write: (line) => lines.push(line) });
  for (const record of records) logger.error(record);
  return lines;
}

/** An error and all that it says it was caused by. */
function causes(error: Error): unknown[] {
  const chain: unknown[] = [];
  for (let link: unknown = error; link instanceof Error; link = link.cause) {
    chain.push(String(link), (link as Partial<AggregateError>).errors);
  }
  return chain;
}

/** Where a platform's error ends up, whether it means to or not. */
export const SINKS = {
  'a log line': (error) => logLines(error, { err: error }, { error }),
  'a printed value': (error) => inspect(error, { depth: 10, showHidden: true, getters: true }),
  'its text and stack': (error) => [String(error), error.stack],
  'its own and hidden properties': (error) => error,
  'its causes': causes,
} as const satisfies Record<string, (error: Error) => unknown>;

export type SinkName = keyof typeof SINKS;

/** Every answer that could be made of an error, whoever reads it. */
export function replies(error: Error, { translate }: Pick<LakiConnect<never>, 'translate'>): unknown[] {
  return ['application/json', 'text/html', 'text/plain'].flatMap((accept) =>
    (['merchant', 'customer'] as const).flatMap((audience) =>
      ['en', 'am'].map((locale) => translate(error, { accept, audience, locale })),
    ),
  );
}
