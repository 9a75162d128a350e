import { html } from './html.mjs';

const BY = {
  guard: 'the guard',
  error: 'its class',
  origin: 'its URL',
  url: 'its URL',
  brand: 'its class or name',
  call: 'the call that it was thrown in',
  name: "the error's name",
  code: 'its code',
  alias: 'an alias of its code',
  transport: 'the connection',
  status: 'its status',
  body: 'its body',
  method: 'the method',
  'follow-up': 'a redirect, or a retry',
  reader: 'the request',
  option: 'the option',
  default: 'nobody',
  locale: 'the user',
  'accept-language': 'Accept-Language',
  locales: 'the language',
  messages: "the platform's messages",
  requirement: 'the requirement',
};

/** Why a reply is as it is, step by step; nothing where there is no error of LakiConnect's. */
export function why(explanation) {
  if (explanation === undefined) return '';
  const { kind, recognisedBy, kindBy, outcome, outcomeBy, row, rule, overridden } = explanation;
  const { audience, audienceBy, masked, locale, localeBy, text } = explanation;
  const steps = {
    'Recognised by': BY[recognisedBy],
    Kind: `${kind}, by ${BY[kindBy]}`,
    Outcome: `${outcome}, by ${BY[outcomeBy]}`,
    Rule: `${row === kind ? '' : `of ${row}: `}${answer(rule)}${rule.customer ? `; for customers ${answer(rule.customer)}` : ''}`,
    'Set by the platform': overridden.length === 0 ? 'nothing' : overridden.join(', '),
    Audience: `${audience}, by ${BY[audienceBy]}; ${masked ? 'something is kept back' : 'nothing is kept back'}`,
    Language: `${locale}, by ${BY[localeBy]}`,
    Words: `${text.code}, of ${BY[text.from]}`,
  };
  return html`<section class="why" aria-labelledby="why">
    <h3 id="why">Why</h3>
    <dl>
      ${Object.entries(steps).map(
        ([step, told]) =>
          html`<dt>${step}</dt>
            <dd>${told}</dd>`,
      )}
    </dl>
  </section>`;
}

function answer({ status, code }) {
  return `${status} ${code}`;
}
