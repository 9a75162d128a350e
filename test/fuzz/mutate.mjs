/** Texts that have broken a parser, a log, a page or a prototype somewhere. */
const TEXTS = [
  '__proto__', 'constructor', 'prototype', '"__proto__":{"polluted":1},', '"toString":1,', 'NaN', 'null', 'true', '[]',
  '{}', '-0', '1e999', '-1', '0', '2147483648', '9007199254740993', '1E+400', '999', '401', '200', '[[[[[[[[', '{"a":',
  '\r\nset-cookie: a=b\r\n', '\0', '\x1b[31m', '\u202e', '\u2066', '\u200b', '\u2028', '\u0085', '\ufeff', '\\ud800',
  '\\u202e', '\\u0000', '\\u000d\\u000a', '<script>alert(1)</script>', '</title>', '<!doctype html>', '%0d%0a', '%s%n',
  '${jndi:x}', '{{7*7}}', '"', '\\', ':', '; ', '(', ')', ',', ';q=0', ';q=1.0', '*', '*/*', 'ERROR', 'KYC_NOT_APPROVED',
  '"error_code":"INVALID_AMOUNT",', '"status":"ERROR",', '"success":false,', '"request_id":"req_1",', 'sha256=', '\ud55c',
  '\u{1f4b8}', 'ቅድሚያ', 'İ', 'ß', '\u0130', '𝒜', 'a'.repeat(600), ' '.repeat(300), '['.repeat(900), 'a: b; '.repeat(80),
  'x: ('.repeat(60), 'lk_pub_Canary7Qx9ZtLm:lk_sec_Canary4Hn8RwKp', 'whsec_canary', 'é'.repeat(200),
].map((text) => Buffer.from(text)); // prettier-ignore

/** Bytes that are no UTF-8: cut, overlong, a surrogate, out of range. */
const BROKEN = ['ff', 'c0 80', 'ed a0 80', 'f4 90 80 80', 'e1 88', 'f0 9f', '80', 'fe fe ff ff'].map((hex) =>
  Buffer.from(hex.replaceAll(' ', ''), 'hex'),
);

const MUTATIONS = [
  function flip(bytes, { below }) {
    if (bytes.length === 0) return bytes;
    const flipped = Buffer.from(bytes);
    flipped[below(bytes.length)] ^= 1 << below(8);
    return flipped;
  },
  (bytes, { below }) => insert(bytes, below(bytes.length + 1), Buffer.of(below(256))),
  function remove(bytes, { below }) {
    const from = below(bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + 1 + below(8))]);
  },
  function duplicate(bytes, { below }) {
    const from = below(bytes.length + 1);
    return insert(bytes, from, bytes.subarray(from, from + 1 + below(64)));
  },
  function splice(bytes, { below, oneOf }, corpus) {
    const other = oneOf(corpus);
    return Buffer.concat([
      bytes.subarray(0, below(bytes.length + 1)),
      other.subarray(below(other.length + 1)),
    ]);
  },
  (bytes, { below }) => bytes.subarray(0, below(bytes.length + 1)),
  (bytes, { below, oneOf }) => insert(bytes, below(bytes.length + 1), oneOf(TEXTS)),
  function atQuote(bytes, { below, oneOf }) {
    const at = bytes.indexOf(0x22, below(bytes.length + 1));
    return at === -1 ? bytes : insert(bytes, at + below(2), oneOf(TEXTS));
  },
  function replaceNumber(bytes, { oneOf }) {
    const text = bytes.toString('latin1').replace(/\d+/, () => oneOf(TEXTS).toString('latin1'));
    return Buffer.from(text, 'latin1');
  },
  (bytes, { below, oneOf }) => insert(bytes, below(bytes.length + 1), oneOf(BROKEN)),
];

/** Rare, for it is dear: as long as what is still read, and longer. */
const LONGEST = 70_000;

/** Some bytes, changed up to six times; now and then not at all, or blown up. */
export function mutated(bytes, chance, corpus) {
  const { below, oneOf } = chance;
  let now = bytes;
  for (let left = below(7); left > 0; left--) now = oneOf(MUTATIONS)(now, chance, corpus);
  if (below(2000) > 0 || now.length === 0) return now;
  return Buffer.alloc(1 + below(LONGEST), now);
}

function insert(bytes, at, inserted) {
  return Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at)]);
}
