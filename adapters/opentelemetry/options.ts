import type { MeterProvider } from '@opentelemetry/api';
import { z } from 'zod';

export interface InstrumentOptions {
  /** Where the instruments are made; the global one, as it is when `instrument` is called, if there is none. */
  readonly meterProvider?: MeterProvider | undefined;
  /** Attributes of every measurement, such as which of several cores it is of. */
  readonly attributes?: Readonly<Record<string, string | number | boolean | undefined>> | undefined;
  /** Whether spans have the connected merchant's id: personal, and of many values. No metric ever has it. */
  readonly merchantId?: boolean | undefined;
}

const is = <T>(expected: string, test: (value: unknown) => boolean) => z.custom<T>(test, { error: expected });

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const VALUES: ReadonlySet<string> = new Set(['string', 'number', 'boolean', 'undefined']);

/** What `instrument` accepts. */
export const instrumentOptions = z
  .strictObject({
    meterProvider: is<MeterProvider>(
      "a meter provider, such as that of your SDK or `metrics.getMeterProvider()` of '@opentelemetry/api'",
      (value) => isObject(value) && typeof (value as Partial<MeterProvider>).getMeter === 'function',
    ),
    attributes: is<object>(
      "attributes of every measurement, such as { 'shop.region': 'addis' }",
      (value) => isObject(value) && Object.values(value).every((part) => VALUES.has(typeof part)),
    ),
    merchantId: is<boolean>('true or false', (value) => typeof value === 'boolean'),
  } satisfies Record<keyof InstrumentOptions, z.ZodType>)
  .partial();
