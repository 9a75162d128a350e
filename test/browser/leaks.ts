import type { Reader } from './oracle.js';
import type { Shown } from './shown.js';

const SECRETS = ['lk_pub_demo', 'lk_sec_demo', 'whsec_demo', 'laki_sid', 's3cr3t', 'nginx'];
const HEADERS = ['set-cookie', 'www-authenticate', 'server'];

/** Of a shop's verification; in Amharic, too. */
const PRIVATE = /kyc|verif|approv|document|ረጋገ|ሰነድ|ጸድ/i;

/** What a reader is told and must not be. */
export function leaksTo(reader: Reader, { said, received }: Shown): string[] {
  const { headers, body, page } = received;
  const text = [...Object.values(headers), body, page].join('\n');
  return [
    ...[...SECRETS, ...wordsOf(said.body)].filter((secret) => text.includes(secret)),
    ...HEADERS.filter((name) => name in headers),
    ...((reader === 'customer' && PRIVATE.exec(text)) || []),
  ];
}

/** The sentences in LakiConnect's answer. */
function wordsOf(body: string): string[] {
  const told = [...body.matchAll(/"message": "([^"]+)"|<title>([^<]+)/g)].map(
    ([, message, title]) => message ?? title ?? '',
  );
  return told.length > 0 || /^[{<]|^$/.test(body) ? told : [body];
}
