/** docs/opentelemetry.md lists what the tables of the code have, and these name properties that events have. */
import { describe, expect, test } from '@jest/globals';
import type { LakiConnectEvent } from 'lakiconnect-middleware';
import {
  HELD,
  MERCHANT,
  METRICS,
  OBSERVED,
  SPANS,
  type Attributed,
  type Metric,
} from '../../adapters/opentelemetry/conventions.js';
import { instrumentOptions } from '../../adapters/opentelemetry/options.js';
import {
  inAnyOrder,
  keysOf,
  listedUnder,
  plainText,
  proseOf,
  readPage,
  rowsUnder,
  tablesOf,
} from './pages.js';

const PAGE = readPage('docs/opentelemetry.md');
const EVENTS = readPage('docs/configuration.md');

type Type = LakiConnectEvent['type'];

/** Every property that the reference lists for a type of event, and whether it is always there. */
function propertiesOf(type: string): Map<string, boolean> {
  const [errors] = tablesOf(EVENTS).filter(({ heading }) => heading === 'Errors');
  if (errors?.header.includes(`\`${type}\``) === true) {
    const rows = rowsUnder(EVENTS, 'Errors', 'property').filter((row) => row[`\`${type}\``] !== '–');
    return new Map(rows.map((row) => [plainText(row['property']!), row[`\`${type}\``] === 'always']));
  }
  const [row] = rowsUnder(EVENTS, 'Guards, client and webhooks', 'type').filter(
    (found) => plainText(found['type']!) === type,
  );
  const listed = plainText(row!['properties']!).split(', ');
  return new Map([
    ['type', true],
    ...listed.map((name): [string, boolean] => [name.replace('?', ''), !name.endsWith('?')]),
  ]);
}

test('lists the options there are', () => {
  expect(listedUnder(PAGE, 'Options of instrument')).toEqual(Object.keys(instrumentOptions.shape));
});

describe('Metrics', () => {
  const ROWS = rowsUnder(PAGE, 'One for each event').map((row) => ({ row, name: plainText(row['metric']!) }));
  const metrics = Object.entries(METRICS) as [Type, Metric][];
  const typesOf = (name: string) =>
    metrics.filter(([, metric]) => metric.name === name).map(([type]) => type);

  test('all are listed once, and no other', () => {
    const names = [...new Set(metrics.map(([, { name }]) => name))];
    expect(inAnyOrder(ROWS.map(({ name }) => name))).toEqual(inAnyOrder(names));
    expect(
      rowsUnder(PAGE, 'Read when metrics are collected').map((row) => plainText(row['metric']!)),
    ).toEqual(Object.values(OBSERVED).map(({ name }) => name));
    expect(
      rowsUnder(PAGE, 'Read when metrics are collected').map((row) => [row['unit'], row['instrument']]),
    ).toEqual([
      [`\`${OBSERVED.passed.unit}\``, 'observable counter'],
      [`\`${OBSERVED.merchants.unit}\``, 'observable gauge'],
    ]);
  });

  test.each(ROWS)('$name: its row is its table', ({ name, row }) => {
    const types = typesOf(name);
    const metric: Metric = METRICS[types[0] as keyof typeof METRICS];
    expect(plainText(row['event']!).split(', ')).toEqual(types);
    expect(plainText(row['unit']!)).toBe(metric.unit);
    expect(row['instrument']).toBe(metric.measures === undefined ? 'counter' : 'histogram');

    const isAlways = (property: string) => types.every((type) => propertiesOf(type).get(property) === true);
    const attributes = Object.entries(metric.attributes).map(
      ([attribute, property]) => `${attribute}${isAlways(property) ? '' : '?'}`,
    );
    expect(plainText(row['attributes']!)).toBe(attributes.join(', ') || '–');
  });

  test.each(metrics)('%s is measured by properties that it has', (type, { attributes, adds, measures }) => {
    const used = [...Object.values(attributes), adds, measures].filter((property) => property !== undefined);
    expect(used.filter((property) => !propertiesOf(type).has(property))).toEqual([]);
  });

  test('the buckets are told', () => {
    const { bounds } = METRICS.lookup;
    const prose = proseOf(PAGE).join(' ');
    expect(prose).toContain(
      `buckets up to ${bounds.slice(0, -1).join(', ')} and ${String(bounds.at(-1))} seconds`,
    );
  });

  test('names are those of the conventions: lower case, dots, no unit', () => {
    const names = [...metrics.map(([, metric]) => metric), ...Object.values(OBSERVED)].map(
      ({ name }) => name,
    );
    const attributes = [
      ...Object.values(SPANS),
      HELD,
      MERCHANT,
      ...metrics.map(([, metric]) => metric.attributes),
    ]
      .flatMap((attributed) => Object.keys(attributed))
      .filter((name) => !['error.type', 'http.response.status_code'].includes(name));
    const NAME = /^lakiconnect(?:\.[a-z]+(?:_[a-z]+)*)+$/;
    expect([...names, ...attributes].filter((name) => !NAME.test(name))).toEqual([]);
    expect(names.filter((name) => /total|seconds|count/.test(name))).toEqual([]);
    expect(names.filter((name) => attributes.includes(name))).toEqual([]);
  });
});

describe('Spans', () => {
  const [translated, guarded, merchant] = tablesOf(PAGE)
    .filter(({ heading }) => heading === 'Spans')
    .map(({ rows }) => rows.map((row) => row.map(plainText)));
  const pairs = (attributed: Attributed) => Object.entries(attributed);

  test.each([
    ['a reply', translated, SPANS.translated],
    ['a refusal', guarded, { ...SPANS.refused, ...HELD }],
    ['what a guard could not learn', guarded, { ...SPANS.undetermined, ...HELD }],
    ['a merchant', merchant, MERCHANT],
  ])('of %s: every attribute is listed, with what it is taken from', (_, rows, attributed) => {
    expect(rows?.map((cells) => cells.slice(0, 2))).toEqual(pairs(attributed as Attributed));
  });

  test('are told by these events alone', () => {
    expect(Object.keys(SPANS)).toEqual(
      keysOf<Record<'translated' | 'refused' | 'undetermined', 0>>({
        translated: 0,
        refused: 0,
        undetermined: 0,
      }),
    );
  });

  test.each(Object.entries(SPANS))('%s has the properties that they are taken from', (type, attributed) => {
    const used = Object.values({ ...attributed, ...MERCHANT });
    expect(used.filter((property) => !propertiesOf(type).has(property))).toEqual([]);
  });

  test('what need not be there is said so', () => {
    const isOptional = (type: string, property: string) => propertiesOf(type).get(property) !== true;
    for (const [, property = '', example = ''] of translated ?? []) {
      expect([property, example.endsWith(', if there is one')]).toEqual([
        property,
        isOptional('translated', property),
      ]);
    }
    for (const [attribute = '', property = '', example = ''] of guarded ?? []) {
      if (attribute in HELD) continue;
      const optional = ['refused', 'undetermined'].some((type) => isOptional(type, property));
      expect([property, example.endsWith(', if there is one')]).toEqual([property, optional]);
    }
  });
});
