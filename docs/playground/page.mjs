import { readFileSync } from 'node:fs';
import { CLIENT_NAMES } from './clients.mjs';
import { html, raw } from './html.mjs';
import { FORMATS } from './platform.mjs';
import { curlOf, linkTo } from './requests.mjs';
import { AUDIENCES, LANGUAGES } from './run.mjs';
import { SCENARIOS, upTo } from './scenarios.mjs';
import { told, toldOfReply } from './told.mjs';
import { visit } from './visit.mjs';

const CHOICES = {
  lang: LANGUAGES,
  format: Object.keys(FORMATS),
  client: CLIENT_NAMES,
};
const NAMES = { en: 'English', am: 'አማርኛ', html: 'web page', json: 'JSON', text: 'plain text' };
const LABELS = { lang: 'Language', format: 'Format', client: 'HTTP client' };

const STYLE = readFileSync(new URL('page.css', import.meta.url), 'utf8');

/**
 * Serves the table as a page of links; what they ask for is chosen in the page's own query. A link to what
 * befalls a merchant of its own comes by /visit, where that merchant is made first.
 */
export function indexPage(groups, stage) {
  return async (request, response) => {
    const [path, query] = request.url.split('?', 2);
    const asked = new URLSearchParams(query);
    const chosen = chosenIn(asked);
    const scenario = SCENARIOS.find(({ id }) => path === `/visit/${id}`);
    const platform = stage.platforms.find(({ name }) => name === asked.get('platform'));
    const audience = AUDIENCES.find((name) => name === asked.get('audience'));
    if (path === '/') {
      response.writeHead(200, {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
      });
      response.end(String(page(groups, stage, chosen)));
    } else if (scenario && platform && audience) {
      const location = await visit(scenario, { platform, audience, ...chosen }, stage.clock);
      response.writeHead(303, { location, 'cache-control': 'no-store' }).end();
    } else {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found\n');
    }
  };
}

function chosenIn(asked) {
  return Object.fromEntries(
    Object.entries(CHOICES).map(([name, values]) => {
      const value = asked.get(name);
      return [name, values.includes(value) ? value : values[0]];
    }),
  );
}

function page(groups, stage, chosen) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>LakiConnect's errors, as they are told</title>
        <style>
          ${raw(STYLE)}
        </style>
      </head>
      <body>
        <h1>LakiConnect's errors, as they are told</h1>
        <p>
          Each link makes the platform call a stand-in of LakiConnect, which answers as the first column says.
          What you get to see is the platform's reply. Where rows are numbered, they befall one merchant, one
          after another: a link makes a new one, and does first what the rows above it say.
        </p>
        <nav>${Object.keys(CHOICES).map((name) => choice(name, chosen))}</nav>
        ${groups.map((group) => section(group, stage, chosen))}
      </body>
    </html>`;
}

function choice(name, chosen) {
  const links = CHOICES[name].map((value) => {
    const current = raw(value === chosen[name] ? ' aria-current="true"' : '');
    const query = String(new URLSearchParams({ ...chosen, [name]: value }));
    return html`<a href="/?${query}" ${current}>${NAMES[value] ?? value}</a>`;
  });
  return html`<span>${LABELS[name]}${links}</span>`;
}

function section({ title, story, rows }, stage, chosen) {
  return html`<h2>${title}</h2>
    <table ${raw(story ? 'class="story"' : '')}>
      <thead>
        <tr>
          <th>LakiConnect says</th>
          <th>the customer sees</th>
          <th>the merchant sees</th>
          <th>the operator logs</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map((scenario) => row(scenario, stage, chosen))}
      </tbody>
    </table>`;
}

function row(scenario, { met, platforms }, chosen) {
  const { seen, log } = met.get(scenario);
  const { said, form, logged, became } = told(scenario, log);
  return html`<tr>
    <td><code>${said}</code><br />${form}${details(scenario, platforms, chosen)}</td>
    ${AUDIENCES.map((audience) => cell(scenario, seen[audience][chosen.lang], audience, platforms, chosen))}
    <td><code>${logged}</code><br />${became}</td>
  </tr>`;
}

function cell(scenario, reply, audience, platforms, chosen) {
  if (scenario.webhook) return html`<td>–</td>`;
  const { code, title } = toldOfReply(reply);
  const links = platforms.map((platform) => {
    const url = scenario.expects
      ? `/visit/${scenario.id}?${new URLSearchParams({ platform: platform.name, audience, ...chosen })}`
      : linkTo(scenario, { platform, audience, shop: 'cm_demo', ...chosen });
    return html`<a href="${url}">${platform.name}</a>`;
  });
  return html`<td><code>${code}</code><br /><span lang="${chosen.lang}">${title}</span><br />${links}</td>`;
}

function details(scenario, platforms, { lang, client }) {
  const body = scenario.answer?.body;
  const sent = typeof body === 'object' ? JSON.stringify(body, undefined, 2) : body;
  const curl = curlOf(upTo(scenario), {
    platform: platforms[0],
    audience: 'customer',
    shop: scenario.expects ? `cm_my_${scenario.id}` : 'cm_demo',
    client,
    language: lang,
  });
  return html`<details>
    <summary>in full, and with curl</summary>
    ${sent === undefined ? [] : html`<pre>${sent}</pre>`}
    <pre>${curl}</pre>
  </details>`;
}
