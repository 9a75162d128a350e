/** Mutants that change nothing that can be seen, by file: what stands there, what is put in, and why that is so. */
export const EQUIVALENTS = {
  'src/events.ts': [
    ['onEvent === undefined && !subscribers.hasSubscribers', 'false', 'an event is made that nobody hears'],
    ['onEvent?.(event)', 'onEvent(event)', 'what that throws is caught as what a listener throws'],
  ],
  'src/guards/beliefs.ts': [['distrustedAt !== undefined', 'true', 'nothing is within a time of undefined']],
  'src/guards/facts.ts': [
    [
      'together.size === 0',
      'false',
      'an empty map stays, which costs memory alone: guards/heap measures that',
    ],
  ],
  'src/guards/guard.ts': [
    ["'deny'", '""', "it is compared with 'allow' alone"],
    ['merchant !== undefined', 'true', 'who named a merchant is kept together with that merchant'],
  ],
  'src/handler.ts': [["'customer'", '""', 'whoever is no merchant is a customer']],
  'src/lakiconnect.ts': [
    ["'deny'", '""', "it is compared with 'allow' alone"],
    ['{ within: false }', '{}', 'undefined is read as false'],
  ],
  'src/sharing/breaker.ts': [['toldAt !== undefined', 'true', 'nothing is within a time of undefined']],
  'src/translation/error.ts': [
    ['code !== undefined', 'true', '"undefined" is no code'],
    ['ms !== undefined', 'true', 'undefined is not more than 0'],
  ],
  'src/translation/evidence.ts': [['url !== undefined', 'true', 'no URL can be parsed from undefined']],
  'src/translation/face.ts': [['sent !== undefined', 'true', 'no row keeps the status undefined']],
  'src/translation/fields.ts': [
    ['[]', '["Stryker was here"]', 'a clause without a colon names no field'],
    ['at < text.length', 'at <= text.length', 'beyond the end there is no character'],
  ],
  'src/translation/finding.ts': [['envelope.code === undefined', 'false', 'no code is known as undefined']],
  'src/translation/foreign.ts': [
    ['thrown === null', 'false', 'null inherits from nothing, so that it is no error either way'],
    [
      "({ value }) => typeof value !== 'object' && typeof value !== 'function'",
      '() => undefined',
      'it is printed although that cannot fail',
    ],
    [
      "typeof value !== 'object' && typeof value !== 'function'",
      'false',
      'it is printed although that cannot fail',
    ],
    ["typeof value !== 'object'", "typeof value === 'object'", 'a stack is a text: all are printed'],
    ["typeof value !== 'function'", "typeof value === 'function'", 'a stack is a text: all are printed'],
    [
      'isSimple && error.errors === undefined && error[inspect.custom] === undefined',
      'false',
      'it is printed although that cannot fail',
    ],
    ["''", '"Stryker was here!"', 'an error is printed as neither'],
    ["'too many prototypes'", '""', 'what is thrown is caught, and its words read by nobody'],
    ['headers === null', 'false', 'null has no headers'],
    ['ownerOf(headers, name)?.value', 'ownerOf(headers, name).value', 'whatever throws here cannot be borne'],
  ],
  'src/translation/http-error.ts': [
    ['{ return undefined; }', '{}', 'nothing is returned either way'],
    ['/[^A-Z0-9]+/g', '/[^A-Z0-9]/g', 'no reason phrase has two such characters in a row'],
    ['{ return false; }', '{}', 'undefined is as false'],
  ],
  'src/translation/plain.ts': [
    ['{ return undefined; }', '{}', 'nothing is returned either way'],
    ['{ return false; }', '{}', 'undefined is as false'],
    ['value === null', 'false', 'to read null throws, which is caught; null has no values to freeze'],
    ['source.slice(0, MAX_NODES)', 'source', 'no more of them are copied either way'],
    ['Array.isArray(source)', 'false', 'the keys of an array are the same'],
    ['raw.length > MAX_TEXT', 'false', 'a text has at least as many bytes as characters'],
  ],
  'src/translation/recognise.ts': [
    ...['false', 'sent === undefined && sent === apiKey'].map((put) => [
      'sent === undefined || sent === apiKey',
      put,
      'what is redacted twice is redacted',
    ]),
    ['sent === undefined', 'false', 'what is redacted twice is redacted'],
    ['sent === apiKey', 'false', 'what is redacted twice is redacted'],
  ],
  'src/translation/remembered.ts': [['known !== undefined', 'false', 'what is known is kept']],
  'src/translation/retry-after.ts': [
    ["field.endsWith('GMT')", "field.startsWith('GMT')", 'V8 reads "GMT GMT" as it reads "GMT"'],
  ],
  'src/translation/sheets.ts': [
    ...[
      [
        "(audience === 'merchant' ? 1 : 0) + (outcome === 'unknown' ? 2 : 0) + (retryable ? 4 : 0) + (requestId === undefined ? 0 : 8)",
        "(audience === 'merchant' ? 1 : 0) + (outcome === 'unknown' ? 2 : 0) + (retryable ? 4 : 0) - (requestId === undefined ? 0 : 8)",
      ],
      [
        "(audience === 'merchant' ? 1 : 0) + (outcome === 'unknown' ? 2 : 0) + (retryable ? 4 : 0)",
        "(audience === 'merchant' ? 1 : 0) + (outcome === 'unknown' ? 2 : 0) - (retryable ? 4 : 0)",
      ],
      [
        "(audience === 'merchant' ? 1 : 0) + (outcome === 'unknown' ? 2 : 0)",
        "(audience === 'merchant' ? 1 : 0) - (outcome === 'unknown' ? 2 : 0)",
      ],
      ["audience === 'merchant'", "audience !== 'merchant'"],
      ["outcome === 'unknown'", "outcome !== 'unknown'"],
      ['requestId === undefined', 'requestId !== undefined'],
      ['status * 16 + choices', 'status * 16 - choices'],
    ].map(([from, to]) => [from, to, 'other numbers, but still one for each choice']),
    ['found.size === 0', 'true', 'what is there is put there again'],
  ],
  'src/translation/transport.ts': [
    ['default: return undefined;', 'default:', 'nothing is returned either way'],
    ['level.length > 0', 'true', 'of an empty level nothing is looked at'],
    ['level.length > 0', 'level.length >= 0', 'of an empty level nothing is looked at'],
    ['[]', '["Stryker was here"]', 'what is no object is left out'],
  ],
  'src/translation/text.ts': [
    ['PRINTABLE_ASCII.test(start)', 'false', 'in such a text nothing is removed'],
    ['/^[ -~]*$/', '/^[ -~]$/', 'in such a text nothing is removed'],
    ['/[\\p{Cf}\\p{Cs}]+/gu', '/[\\p{Cf}\\p{Cs}]/gu', 'one by one all are removed'],
  ],
  'src/translation/translate.ts': [
    [
      'settings.renderers.get(reading.media)?.isOurs',
      'settings.renderers.get(reading.media).isOurs',
      'what was negotiated is offered',
    ],
  ],
};
