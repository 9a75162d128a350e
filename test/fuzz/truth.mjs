import { CATALOG } from 'lakiconnect-middleware';

const UNSENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);
const SAFE = new Set(['GET', 'HEAD']);
const OF_TIME = new Set([408, 425]);
const PROVIDERS_FAULT = new Set(['PROVIDER_ERROR', 'INTERNAL_ERROR']);
const KNOWN = new Set([
  ...Object.keys(CATALOG),
  ...['INVALID_API_KEY', 'INVALID_AMOUNT', 'INVALID_PHONE', 'INSUFFICIENT_BALANCE', 'PROVIDER_ERROR'],
]);
const MAX_BYTES = 64 * 1024;

/**
 * Whether the provider certainly did not act, by docs/decisions/0003-outcome.md and said a second time here.
 * `data` is the body as it came, text, bytes or parsed; a status that is none is lost.
 */
export function isProvenRejection({ methods, status, code, data }) {
  const named = methods.filter((method) => typeof method === 'string').map((name) => name.toUpperCase());
  if (named.length > 0 && named.every((name) => SAFE.has(name))) return true;
  if (code !== undefined) return UNSENT.has(code);
  const { isReadable, known } = read(data);
  if (known.length > 0 && known.every((name) => PROVIDERS_FAULT.has(name))) return false;
  if (status === undefined || (status >= 200 && status <= 299)) return known.length > 0;
  return status >= 400 && status <= 499 && !OF_TIME.has(status) && isReadable;
}

/** What of a body can be made out; none at all is readable, too. */
function read(data) {
  if (data === undefined || data === null) return { isReadable: true, known: [] };
  if (typeof data === 'string') return readText(data);
  if (ArrayBuffer.isView(data) || data instanceof ArrayBuffer) {
    return data.byteLength > MAX_BYTES ? UNREADABLE : readText(new TextDecoder().decode(data));
  }
  return typeof data === 'object' && !Array.isArray(data)
    ? { isReadable: true, known: codesIn(data).filter((code) => KNOWN.has(code)) }
    : UNREADABLE;
}

const UNREADABLE = { isReadable: false, known: [] };

function readText(raw) {
  const text = raw.trim();
  if (Buffer.byteLength(raw) > MAX_BYTES) return UNREADABLE;
  if (text === '') return { isReadable: true, known: [] };
  try {
    const parsed = JSON.parse(text);
    return typeof parsed === 'string'
      ? { isReadable: true, known: [] }
      : parsed === null
        ? UNREADABLE
        : read(parsed);
  } catch {
    return { isReadable: !/^[<[{"]/.test(text), known: [] };
  }
}

/** Wherever one of the forms of an error has its code. */
function codesIn({ error, error_code }) {
  return [error_code, error?.code, error?.type].filter((code) => typeof code === 'string');
}
