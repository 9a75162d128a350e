import { STATUS_CODES } from 'node:http';
import { STEPS, urlOf } from './choices.mjs';
import { factsOf, lookupsIn } from './facts.mjs';
import { html } from './html.mjs';
import { why } from './why.mjs';

const LEVELS = { info: 'good', warn: 'odd', error: 'bad' };
const REQUIREMENTS = { kycApproved: 'KYC approved', feeConfigured: 'Fee configured' };
const READERS = { customer: 'The customer receives', merchant: 'The merchant receives' };

/** What came of it: what the guard knows, what happened so far, and the last payment from end to end. */
export function result(settings, played) {
  const paid = lastPaid(played);
  return html`${strip(played)} ${history(settings, played)}
    <ol class="flow" aria-label="The last payment">
      <li>${answered(paid)}</li>
      <li>${received(settings, paid)}</li>
      <li>${logged(played)}</li>
    </ol>`;
}

/** The last step in one line, for whoever cannot see it change. Its number tells it from one just like it. */
export function summary({ audience }, { acts }) {
  const { step, reply } = acts.at(-1);
  const came = reply === undefined ? 'done' : statusLine(reply);
  return `${acts.length}. ${STEPS[step]}: ${step === 'pay' ? `${READERS[audience]} ` : ''}${came}`;
}

function lastPaid({ acts }) {
  return acts.findLast(({ step }) => step === 'pay');
}

function strip(played) {
  const facts = factsOf(played).map(({ requirement, says, seconds, life }) => {
    const age = seconds === undefined ? '' : `, ${seconds} s old`;
    return figure(
      REQUIREMENTS[requirement],
      says,
      life === 'unknown' ? 'nothing remembered' : `${life}${age}`,
      life === 'fresh' ? `fresh ${says}` : life,
    );
  });
  const { charges } = played;
  return html`<section class="strip" aria-label="What the guard knows">
    ${facts} ${figure('Lookups', lookupsIn(played), 'of the guard')}
    ${figure('Charges', charges, charges === 0 ? 'no money moved' : 'money moved', charges > 1 ? 'stale' : '')}
  </section>`;
}

function figure(label, value, note, mood = '') {
  return html`<div class="figure ${mood}"><span>${label}</span><b>${value}</b><small>${note}</small></div>`;
}

function history(settings, { shop, acts }) {
  const next = Object.entries(STEPS).map(([step, label]) => {
    const steps = [...settings.steps, step];
    return html`<a class="button" href="${urlOf({ ...settings, steps })}" data-live data-step="${step}"
      >${label}</a
    >`;
  });
  return html`<section class="history" aria-labelledby="history">
    <h2 id="history">What has happened to <code>${shop}</code></h2>
    <ol>
      ${acts.map(
        ({ step, note, reply }) =>
          html`<li>
            ${STEPS[step]}${note && `, ${note}`}${reply ? html` <code class="${moodOf(reply)}">${statusLine(reply)}</code>` : ''}
          </li>`,
      )}
    </ol>
    <nav aria-label="What happens next">
      ${next}
      <a class="button quiet" href="${urlOf({ ...settings, steps: ['pay'] })}" data-live data-step="again"
        >Start over</a
      >
    </nav>
  </section>`;
}

function answered(paid) {
  const asked = paid?.exchanges ?? [];
  const payment = asked.find(({ method }) => method === 'POST');
  const lookups = asked.filter(({ method }) => method === 'GET');
  return html`<h2>LakiConnect answered</h2>
    ${lookups.map(
      ({ method, path, answer }) =>
        html`<p class="lookup"><code>${method} ${path}</code> <code>${answer.status ?? 200}</code></p>`,
    )}
    ${payment === undefined ? silence(paid) : exchange(payment)}`;
}

function silence(paid) {
  if (paid === undefined) return html`<p class="none">Nothing has been paid yet.</p>`;
  const { status } = paid.reply;
  return html`<p class="none">
    ${
      status < 500 || status === 503
        ? 'The payment was never sent: the guard stopped it.'
        : 'The payment did not reach LakiConnect.'
    }
  </p>`;
}

function exchange({ method, path, answer: { status = 200, headers = {}, body, fault, delayMs } }) {
  const notes = [fault && FATES[fault], delayMs && `${delayMs} ms late`].filter(Boolean);
  return html`<p class="lookup"><code>${method} ${path}</code></p>
    ${notes.map((note) => html`<p class="fault">${note}</p>`)}
    ${fault === 'hang-headers' || fault === 'reset' ? '' : message({ status, headers: Object.entries(headers), body })}`;
}

const FATES = {
  'hang-headers': 'The payment was taken. Its answer never came.',
  reset: 'The payment was taken. Then the connection was reset.',
  'hang-body': 'Only half of this came, and then nothing.',
  cut: 'Only half of this came, and then the connection ended.',
};

function received({ audience, accept }, paid) {
  if (paid === undefined) return html`<h2>${READERS[audience]}</h2>`;
  const { reply } = paid;
  const isPage = accept === 'text/html' && reply.status >= 400;
  return html`<h2>${READERS[audience]}</h2>
    ${message({ status: reply.status, headers: reply.headers, body: isPage ? undefined : reply.text })}
    ${isPage ? rendered(reply.text) : ''}`;
}

function rendered(text) {
  return html`<iframe title="The page that is shown" sandbox srcdoc="${text}"></iframe>
    <details>
      <summary>Its source</summary>
      <pre>${text}</pre>
    </details>`;
}

function logged({ acts }) {
  const last = acts.findLastIndex(({ step }) => step === 'pay');
  const events = acts.slice(Math.max(last, 0)).flatMap(({ events }) => events);
  return html`<h2>Your operators see</h2>
    ${events.length === 0 ? html`<p class="none">Nothing worth a log line.</p>` : ''}
    <ul class="events">
      ${events.map(event)}
    </ul>
    ${why(acts[last]?.explanations.at(-1))}`;
}

function event({ level, type, ...properties }) {
  return html`<li>
    <b class="${LEVELS[level]}">${level}</b> <b>${type}</b>
    <dl>
      ${Object.entries(properties).map(
        ([name, value]) =>
          html`<dt>${name}</dt>
            <dd>${value}</dd>`,
      )}
    </dl>
  </li>`;
}

const QUIET = new Set(['date', 'connection', 'keep-alive', 'etag', 'transfer-encoding']);

function message({ status, headers, body }) {
  const lines = headers.filter(([name]) => !QUIET.has(name)).map(([name, value]) => `${name}: ${value}`);
  return html`<p class="status ${moodOf({ status })}"><code>${status}</code> ${STATUS_CODES[status] ?? ''}</p>
    <pre class="headers">${lines.join('\n')}</pre>
    <pre>${pretty(body)}</pre>`;
}

function pretty(body = '') {
  if (typeof body === 'object') return JSON.stringify(body, undefined, 2);
  try {
    return JSON.stringify(JSON.parse(body), undefined, 2);
  } catch {
    return body;
  }
}

function moodOf({ status }) {
  return status < 400 ? 'good' : status < 500 ? 'odd' : 'bad';
}

function statusLine({ status, text }) {
  return `${status} ${codeIn(text) ?? STATUS_CODES[status]}`;
}

function codeIn(text) {
  try {
    return JSON.parse(text).code;
  } catch {
    return undefined;
  }
}
