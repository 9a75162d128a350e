/** What a full run found, as the tables and the chart of docs/performance.md. */
import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { chart } from './chart.mjs';

const WORDS = new URL('page.md', import.meta.url);
const PAGE = new URL('../../docs/performance.md', import.meta.url);
const CHART = new URL('../../docs/performance.svg', import.meta.url);
const FRAMEWORKS = { express: 'Express', koa: 'Koa' };

const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

function machineTable({ machine }) {
  const { date, processor, memory, system, node, express, koa } = machine;
  return `${date}: ${processor}, ${memory}, ${system}, Node ${node}, Express ${express}, Koa ${koa}.`;
}

const targetOf = ({ target }) =>
  target?.ratio === undefined ? (target === undefined ? '' : `${target.ns} ns`) : `${target.ratio}`;

function stepsTable({ steps }) {
  const rows = steps.map((step) => [
    step.name,
    `${Math.round(step.ns)} ns`,
    step.floorName,
    `${Math.round(step.floorNs)} ns`,
    step.ratio.toFixed(2),
    targetOf(step),
  ]);
  return table(['step', 'takes', 'its floor', 'takes', 'ratio', 'aim'], rows);
}

function requestsTable({ requests }, group) {
  const rows = Object.entries(FRAMEWORKS).flatMap(([framework, name]) =>
    requests
      .filter((row) => row.framework === framework && row.group === group)
      .map((row) => [
        name,
        row.kind === 'control' ? '_the bare app again_' : row.kind === 'ours' ? `**${row.name}**` : row.name,
        `${row.variantUs.toFixed(1)} µs`,
        row.ratio.toFixed(2),
        `${row.lowest.toFixed(2)} to ${row.highest.toFixed(2)}`,
        row.throughput.toFixed(2),
      ]),
  );
  return table(['', '', 'CPU a request', 'of bare, by CPU', 'lowest, highest', 'by throughput'], rows);
}

function crowdsTable({ crowds }) {
  const rows = crowds
    .filter(({ kind }) => kind === 'ours')
    .map(({ framework, connections, variantUs, ratio, lowest, highest }) => [
      FRAMEWORKS[framework],
      `${connections}`,
      `${variantUs.toFixed(1)} µs`,
      ratio.toFixed(2),
      `${lowest.toFixed(2)} to ${highest.toFixed(2)}`,
    ]);
  return table(['', 'connections', 'CPU a request', 'of bare, by CPU', 'lowest, highest'], rows);
}

function startUpTable({ startUp, size }) {
  const rows = startUp.map(({ entry, neededMs, ownMs }) => [
    `\`${entry}\``,
    `${neededMs.toFixed(0)} ms`,
    `${ownMs.toFixed(1)} ms`,
  ]);
  const { files, packedKiB, unpackedKiB } = size;
  const sizes = `${files} files, ${Math.round(packedKiB)} KiB packed and ${Math.round(unpackedKiB)} KiB unpacked.`;
  return `${table(['entry', 'what it needs', 'beyond them'], rows)}\n\n${sizes}`;
}

function scaleTable({ scale }) {
  const rows = scale.map(({ merchants, sameNs, eachNs, mapNs }) => [
    merchants.toLocaleString('en'),
    `${Math.round(sameNs)} ns`,
    `${Math.round(eachNs)} ns`,
    `${Math.round(mapNs)} ns`,
  ]);
  return table(['merchants known', 'always the same one', 'another each time', 'that, in a bare Map'], rows);
}

function redisTable({ redis }) {
  const { factsUs, mgetUs, scriptsUs, commands, misses } = redis;
  return table(
    ['', ''],
    [
      ['both facts of a merchant, from Redis', `${Math.round(factsUs)} µs`],
      ['two scripts that do nothing, sent together', `${Math.round(scriptsUs)} µs`],
      ['a bare `MGET` of two keys', `${Math.round(mgetUs)} µs`],
      ['commands for a merchant, sent together', `${commands}`],
      [
        `lookups, and commands, for ${misses.asked} who ask at once`,
        `${misses.lookups}, and ${misses.commands}`,
      ],
    ],
  );
}

function processesTable({ processes }) {
  const rows = processes.map(({ count, perSecond, lookups }) => [
    `${count}`,
    Math.round(perSecond).toLocaleString('en'),
    lookups.toFixed(2),
  ]);
  return table(['processes', 'merchants a second, in all of them', 'lookups for each fact'], rows);
}

/** What was aimed for: at least so much of the CPU of another, or of one's own. */
const AIMS = [
  [
    'express',
    'guards',
    'both guards',
    [
      ['the bare app', 0.97],
      ['express-rate-limit', 1.1],
      ['keyv, two gets', 1.1],
      ['express-jwt, KeyObject', 1.3],
    ],
  ],
  [
    'koa',
    'guards',
    'both guards',
    [
      ['the bare app', 0.95],
      ['koa-ratelimit', 1.2],
      ['koa-jwt, KeyObject', 3],
    ],
  ],
  [
    'express',
    'errors',
    'a recognised error, thrown',
    [
      ['the bare app', 1.05],
      ['writeHead and end', 0.9],
      ['http-errors', 1.4],
      ['express-boom', 1.4],
      ['express-http-problem-details', 1.3],
    ],
  ],
  [
    'koa',
    'errors',
    'a recognised error, thrown',
    [
      ['the bare app', 0.97],
      ['ctx.throw', 2],
      ['koa-json-error', 2.3],
    ],
  ],
];

function aimsTable({ requests }) {
  const rows = AIMS.flatMap(([framework, group, ours, others]) => {
    const ratioOf = (name) =>
      requests.find((row) => row.framework === framework && row.group === group && row.name === name).ratio;
    return others.map(([other, aim]) => {
      const found = (ratioOf(ours) / (other === 'the bare app' ? 1 : ratioOf(other))).toFixed(2);
      return [
        FRAMEWORKS[framework],
        ours,
        other,
        aim.toFixed(2),
        Number(found) >= aim ? found : `**${found}**`,
      ];
    });
  });
  return table(['', 'what', 'beside', 'aim, at least', 'found'], rows);
}

const SECTIONS = {
  machine: machineTable,
  steps: stepsTable,
  guards: (results) => requestsTable(results, 'guards'),
  crowds: crowdsTable,
  errors: (results) => requestsTable(results, 'errors'),
  webhooks: (results) => requestsTable(results, 'webhooks'),
  aims: aimsTable,
  'start-up': startUpTable,
  scale: scaleTable,
  redis: redisTable,
  processes: processesTable,
};

/** The page: the words of page.md, and what was found where these have a mark for it. */
export async function pageOf(results) {
  let text = await readFile(WORDS, 'utf8');
  for (const [name, write] of Object.entries(SECTIONS)) {
    if (!text.includes(`<!-- ${name} -->`)) throw new Error(`page.md has no mark for ${name}.`);
    text = text.replace(`<!-- ${name} -->`, () => write(results));
  }
  return format(text, { ...(await resolveConfig(PAGE)), parser: 'markdown' });
}

export async function writeReport(results) {
  await writeFile(PAGE, await pageOf(results));
  await writeFile(CHART, chart(results));
}
