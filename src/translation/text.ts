/**
 * Text from elsewhere, fit for one line of a log or a reply: control, bidi, invisible and unpaired
 * characters removed, cut to `max` characters.
 */
export function clean(text: string, max: number): string {
  return text
    .slice(0, max * 4)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\p{Cf}\p{Cs}]+/gu, '')
    .trim()
    .slice(0, max)
    .toWellFormed();
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

const KEY_SHAPED = /(?<![\w-])[\w-]{6,}:[\w-]{6,}|\b(?:(?:lk|pk|sk)_|whsec_|LAKIPUB_|LAKISEC_)[\w-]+/gi;

/** Removes the given API key, its halves, and whatever looks like a LakiPay key, from a text. */
export function redactor(apiKey: string | undefined): (text: string) => string {
  const secrets =
    apiKey === undefined ? [] : [apiKey, ...apiKey.split(':')].filter((part) => part.length > 3);
  return (text) =>
    secrets
      .reduce((clear, secret) => clear.replaceAll(secret, '[redacted]'), text)
      .replace(KEY_SHAPED, '[redacted]');
}
