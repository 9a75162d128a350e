import { GROUPS, urlOf } from './choices.mjs';
import { html, raw } from './html.mjs';
import { MATRIX } from './matrix.mjs';
import { result, summary } from './result.mjs';
import { LANGUAGES } from './run.mjs';

/** The whole page for what was chosen and what came of it. It works without its script, too. */
export function page(settings, played) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>LakiConnect playground</title>
        <link rel="icon" href="/icon.svg" />
        <link rel="stylesheet" href="/page.css" />
        <script src="/page.js" type="module"></script>
      </head>
      <body>
        <a class="skip" href="#result">To the reply</a>
        <header>
          <h1>lakiconnect-middleware <small>playground</small></h1>
          <p>
            Choose what the merchant is like and what LakiConnect answers. A platform takes a payment through
            it, and you see what becomes of the answer.
          </p>
        </header>
        <p id="status" class="unseen" role="status">${summary(settings, played)}</p>
        <div class="columns">
          <form action="/" aria-label="What happens">
            ${GROUPS.map((group) => fieldset(group, settings))}
            <input type="hidden" name="steps" value="${settings.steps.join('.')}" />
            <button class="show">Show</button>
          </form>
          <main id="result" tabindex="-1">${result(settings, played)}</main>
        </div>
        ${matrix()}
      </body>
    </html>`;
}

function fieldset({ title, choices }, settings) {
  return html`<fieldset>
    <legend>${title}</legend>
    ${Object.entries(choices).map(([name, choice]) => select(name, choice, settings[name]))}
  </fieldset>`;
}

function select(name, { label, values, more = {}, isWide = false }, chosen) {
  const groups = Object.entries(more).map(
    ([title, grouped]) => html`<optgroup label="${title}">${options(grouped, chosen)}</optgroup>`,
  );
  return html`<label ${raw(isWide ? 'class="wide"' : '')}>
    <span>${label}</span>
    <select name="${name}" autocomplete="off">
      ${options(values, chosen)}${groups}
    </select>
  </label>`;
}

function options(values, chosen) {
  return Object.entries(values).map(([value, label]) =>
    value === chosen
      ? html`<option value="${value}" selected>${label}</option>`
      : html`<option value="${value}">${label}</option>`,
  );
}

function matrix() {
  return html`<section class="matrix">
    <h2 id="matrix">Every kind, to every reader</h2>
    <div class="scroll" tabindex="0" role="region" aria-labelledby="matrix">
      <table>
        <thead>
          <tr>
            <th scope="col">Kind</th>
            <th scope="col">The customer is told</th>
            <th scope="col">The merchant is told</th>
          </tr>
        </thead>
        <tbody>
          ${MATRIX.map(row)}
        </tbody>
      </table>
    </div>
  </section>`;
}

function row({ kind, example, cells }) {
  return html`<tr>
    <th scope="row">
      <a href="${urlOf(example)}" data-live><code>${kind}</code></a>
    </th>
    ${cells.map((cell) => told(cell, { kind, example }))}
  </tr>`;
}

function told({ audience, status, code, titles }, { kind, example }) {
  const masked = code === kind ? '' : html` <code class="mask">${code}</code>`;
  return html`<td>
    <b class="code">${status}</b>${masked}
    ${titles.map(
      (title, at) =>
        html`<a
          lang="${LANGUAGES[at]}"
          href="${urlOf({ ...example, audience, lang: LANGUAGES[at] })}"
          data-live
          >${title}</a
        >`,
    )}
  </td>`;
}
