/** Most texts: in these there is nothing to remove. */
const PRINTABLE_ASCII = /^[ -~]*$/;

/**
 * Text from elsewhere, fit for one line of a log or a reply: control, bidi, invisible and unpaired
 * characters removed, cut to `max` characters.
 */
export function clean(text: string, max: number): string {
  const start = text.slice(0, max * 4);
  if (PRINTABLE_ASCII.test(start)) return start.trim().slice(0, max);
  return start
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\p{Cf}\p{Cs}]+/gu, '')
    .trim()
    .slice(0, max)
    .toWellFormed();
}

/** Cuts a long text before the word that crosses the bound: half a key would escape its redaction. */
export function cut(text: string, max: number): string {
  return text.length <= max ? text : text.slice(0, max).replace(/(?<!\S)\S*$/, '');
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it may stand in HTML, between tags or in a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] as string);
}

const REDACTED = '[redacted]';
const KEY_SHAPED = /(?<![\w-])[\w-]{6,}:[\w-]{6,}|\b(?:(?:lk|pk|sk)_|whsec_|LAKIPUB_|LAKISEC_)[\w-]+/gi;

/** Removes the given API key, its halves and encodings, and whatever looks like a LakiPay key. */
export function redactor(apiKey: string | undefined): (text: string) => string {
  if (apiKey === undefined) return (text) => text.replace(KEY_SHAPED, REDACTED);
  const forms = [
    apiKey,
    encodeURIComponent(apiKey),
    Buffer.from(apiKey).toString('base64'),
    ...apiKey.split(':'),
  ];
  const quoted = forms.filter((form) => form.length > 3).map((form) => form.replace(/[^\w]/g, '\\$&'));
  const secrets = new RegExp(quoted.join('|'), 'gi');
  return (text) => text.replace(secrets, REDACTED).replace(KEY_SHAPED, REDACTED);
}
