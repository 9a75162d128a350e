import { AUDIENCES } from './run.mjs';
import { LEVEL_COLOURS, style } from './style.mjs';
import { told, toldOfReply } from './told.mjs';

const WIDTHS = [32, 42, 46, 44];
const GAP = '  ';
const TOTAL = WIDTHS.reduce((sum, width) => sum + width) + GAP.length * (WIDTHS.length - 1);

const HEADINGS = [
  [
    'LakiConnect said: status, code',
    'the customer sees: status, code',
    'the merchant sees: status, code',
    'the operator logs: level, kind or event',
  ],
  ['  in which form', '  title', '  title', '  outcome (what LakiConnect said)'],
];

/** Prints one row per scenario, two lines each: codes, and below them words. */
export function printTable(groups, met) {
  console.log();
  for (const texts of HEADINGS) console.log(style('bold', line(texts)));
  for (const { title, rows } of groups) {
    console.log(`\n${style('bold', `── ${title} `.padEnd(TOTAL, '─'))}`);
    for (const scenario of rows) console.log(row(met.get(scenario)));
  }
}

function row({ scenario, seen, log }) {
  const { said, form, level, logged, became } = told(scenario, log);
  const replies = AUDIENCES.map((audience) =>
    scenario.webhook ? { code: '–', title: '' } : toldOfReply(seen[audience].en),
  );
  const codes = cells([said, ...replies.map(({ code }) => code)]);
  const words = line([form, ...replies.map(({ title }) => title), became].map((text) => `  ${text}`));
  const coloured = level === undefined ? logged : style(LEVEL_COLOURS[level], logged);
  return `${codes}${GAP}${coloured}\n${style('dim', words)}`;
}

function line(texts) {
  return cells(texts).trimEnd();
}

function cells(texts) {
  return texts.map((text, column) => fitted(text, WIDTHS[column])).join(GAP);
}

function fitted(text, width) {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width);
}
