import { readFileSync } from 'node:fs';
import { settingsIn } from './choices.mjs';
import { STYLE_OF_REPLIES } from './matrix.mjs';
import { page } from './page.mjs';
import { play } from './play.mjs';

const FILES = new Map(
  [
    ['page.css', 'text/css'],
    ['page.js', 'text/javascript'],
    ['icon.svg', 'image/svg+xml'],
  ].map(([name, type]) => [`/${name}`, { type, text: readFileSync(new URL(name, import.meta.url), 'utf8') }]),
);

const HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' ${STYLE_OF_REPLIES}`,
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** Serves the playground: whatever it can show has a URL of its own. */
export async function playground(request, response) {
  const [path, query] = request.url.split('?', 2);
  const file = FILES.get(path);
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return send(response, 405, 'text/plain', 'Only GET\n');
  if (file !== undefined) return send(response, 200, file.type, file.text);
  if (path !== '/') return send(response, 404, 'text/plain', 'Not found\n');
  const settings = settingsIn(new URLSearchParams(query));
  send(response, 200, 'text/html', String(page(settings, await play(settings))));
}

function send(response, status, type, text) {
  response.writeHead(status, { ...HEADERS, 'content-type': `${type}; charset=utf-8` }).end(text);
}
