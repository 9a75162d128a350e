const WIDTH = 760;
const LABEL = 250;
const BAR = 18;
const GAP = 6;
const HEAD = 34;
const FULL = 1.4;

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** Bars for CPU, as a share of the bare app's: longer is cheaper. Readable in light and dark. */
export function chart({ requests }) {
  const groups = [
    ['express', 'guards', 'Guards on Express'],
    ['koa', 'guards', 'Guards on Koa'],
    ['express', 'errors', 'Error replies on Express'],
    ['koa', 'errors', 'Error replies on Koa'],
  ];
  const scale = (WIDTH - LABEL - 60) / FULL;
  const parts = [];
  let y = 10;
  for (const [framework, group, title] of groups) {
    parts.push(`<text class="title" x="0" y="${y + 16}">${title}</text>`);
    y += HEAD;
    const top = y - GAP;
    const rows = requests.filter(
      (row) => row.framework === framework && row.group === group && row.kind !== 'control',
    );
    for (const { name, kind, ratio } of rows) {
      const width = Math.round(Math.min(ratio, FULL) * scale);
      const middle = y + BAR - 5;
      parts.push(
        `<text x="${LABEL - 10}" y="${middle}" text-anchor="end">${escape(name)}</text>`,
        `<rect class="${kind}" x="${LABEL}" y="${y}" width="${width}" height="${BAR}" rx="2"/>`,
        `<text x="${LABEL + width + 6}" y="${middle}">${ratio.toFixed(2)}</text>`,
      );
      y += BAR + GAP;
    }
    const bare = LABEL + Math.round(scale);
    parts.push(`<path class="bare" d="M${bare} ${top}V${y}"/>`);
    y += 16;
  }
  parts.push(`<text x="${LABEL}" y="${y + 10}">longer is cheaper; dashed: the bare app</text>`);
  y += 24;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" role="img" aria-labelledby="title">
<title id="title">CPU for a request: the bare app's, divided by each one's</title>
<style>
text { font: 13px system-ui, sans-serif; fill: #1f2933; }
.title { font-weight: 600; font-size: 15px; }
.ours { fill: #0b7a5b; }
.peer { fill: #9aa5b1; }
.bare { stroke: #52606d; stroke-dasharray: 3 3; }
@media (prefers-color-scheme: dark) {
text { fill: #e4e7eb; }
.ours { fill: #2fb48e; }
.peer { fill: #616e7c; }
.bare { stroke: #9aa5b1; }
}
</style>
${parts.join('\n')}
</svg>
`;
}
