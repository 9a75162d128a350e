/** Mutants that change nothing that can be seen, by file and by why that is so: what stands there, and what is put in. */
export const EQUIVALENTS = {
  'src/adapter/guarded.ts': {
    'who brings one of these functions brings all': [
      [
        'defineMetadata?.(key, getOwnMetadata?.(key, from), to)',
        'defineMetadata(key, getOwnMetadata?.(key, from), to)',
      ],
      ['getOwnMetadata?.(key, from)', 'getOwnMetadata(key, from)'],
      ['[]', '["Stryker was here"]'],
    ],
  },
  'src/cli/plain-page.ts': {
    'whether a payment may be left open is the same for every reader': [
      [
        'audiences.some(([, { whileUnknown }]) => whileUnknown !== undefined)',
        'audiences.every(([, { whileUnknown }]) => whileUnknown !== undefined)',
      ],
    ],
  },
  'src/events.ts': {
    'an event is made that nobody hears': [['listeners.size === 0 && !subscribers.hasSubscribers', 'false']],
    'what is no promise is made one, which is never rejected': [['isThenable(returned)', 'true']],
  },
  'src/guards/beliefs.ts': {
    'nothing is within a time of undefined': [['distrustedAt !== undefined', 'true']],
    'a text is of no list that anybody asks with': [['[]', '["Stryker was here"]']],
    'it is kept in vain, which costs memory alone: guards/heap measures that': [['isHearing()', 'true']],
  },
  'src/guards/facts.ts': {
    'an empty map stays, which costs memory alone: guards/heap measures that': [
      ['together.size === 0', 'false'],
    ],
  },
  'src/guards/gate.ts': {
    'it is the short way: the long one comes to the same': [
      ['merchant !== undefined', 'false'],
      ['{ passes++; return merchant; }', '{}'],
    ],
  },
  'src/guards/guard.ts': {
    "it is compared with 'allow' alone": [["'deny'", '""']],
  },
  'src/guards/whose.ts': {
    'to join a merchant with itself gives an equal one': [['before !== found', 'true']],
    'who named a merchant is kept together with that merchant': [['merchant !== undefined', 'true']],
  },
  'src/handler.ts': {
    'whoever is no merchant is a customer': [["'customer'", '""']],
  },
  'src/idempotency/fingerprint.ts': {
    'what is no JSON stands for no body': [["''", '"Stryker was here!"']],
    'no two properties have the same name, and any order is the same for all': [
      ['one < other', 'one <= other'],
      ['one < other', 'one >= other'],
    ],
  },
  'src/idempotency/guard.ts': {
    "it is compared with 'allow' alone": [["'deny'", '""']],
  },
  'src/idempotency/request.ts': {
    'the path is part of the name anyway': [['url.slice(endOfPath(url))', 'url']],
  },
  'src/lakiconnect.ts': {
    "it is compared with 'allow' alone": [["'deny'", '""']],
    'undefined is read as false': [['{ within: false }', '{}']],
    'to call what is no listener throws, as a listener may': [
      ['settings.onEvent === undefined', 'false'],
      ['[]', '["Stryker was here"]'],
    ],
  },
  'src/messages/texts.ts': {
    'the standard language completes itself with what it has': [
      ['locales.filter(({ tag }) => tag !== standard)', 'locales'],
      ['tag !== standard', 'true'],
    ],
  },
  'src/openapi/bodies.ts': {
    "it is compared with 'output' alone": [["'input'", '""']],
  },
  'src/openapi/document.ts': {
    'no two have the same name': [['one < other', 'one <= other']],
  },
  'src/openapi/errors.ts': {
    'a reply does not tell who found it out': [["'guard'", '""']],
    'what keeps no status is answered the same at any': [['[]', '["Stryker was here"]']],
  },
  'src/translation/carrier.ts': {
    'undefined is no address': [['href !== undefined', 'true']],
    'to call what is no function throws, which is caught': [
      ["typeof peek(request, 'getHeader') !== 'function'", 'false'],
    ],
    'to return nothing is to return undefined': [['{ return undefined; }', '{}']],
  },
  'src/provider/call.ts': {
    'null is no answer either way': [['result === null', 'false']],
    'of what is no object no shape is found': [["body.is === 'object'", 'true']],
  },
  'src/provider/failure.ts': {
    'what is not there is not read, either way': [['seen.unread !== undefined', 'true']],
  },
  'src/provider/lookups.ts': {
    'undefined is of no schema': [
      ['said === undefined', 'false'],
      ['config === undefined', 'false'],
    ],
    'no answer is an error of the kind undefined': [['kind !== undefined', 'true']],
  },
  'src/provider/raw-body.ts': {
    'bytes are copied, and no encoding is asked for them': [["typeof chunk === 'string'", 'true']],
    'UTF-8 is the default': [["'utf8'", '""']],
  },
  'src/provider/read.ts': {
    'nothing can be read from null, which is caught': [['copy === null', 'false']],
    'nothing is returned either way': [['{ return undefined; }', '{}']],
  },
  'src/provider/webhook.ts': {
    'nothing is returned either way': [['{ return undefined; }', '{}']],
  },
  'src/schemas/options.ts': {
    'where neither fits, both are named together': [["'(field) => name'", '""']],
  },
  'src/settle.ts': {
    'no attempt comes before undefined, and none is waited for': [['{ attempts: 1, maxDelayMs: 0 }', '{}']],
    'a timer lasts longer than who waits for it: provider/client.close sees that': [['{ signal }', '{}']],
  },
  'src/sharing/breaker.ts': {
    'nothing is within a time of undefined': [['toldAt !== undefined', 'true']],
  },
  'src/sharing/packing.ts': {
    'what is no JSON has no length, which throws and is caught': [
      ['data === undefined', 'false'],
      ['value === undefined', 'false'],
    ],
    'nothing is returned either way': [
      ['{ return undefined; // deeper than the stack, or a getter that throws }', '{}'],
      ['{ return undefined; }', '{}'],
    ],
  },
  'src/translation/envelopes.ts': {
    'that is no joined text either': [["''", '"Stryker was here!"']],
  },
  'src/translation/error.ts': {
    '"undefined" is no code': [['code !== undefined', 'true']],
    'undefined is not more than 0': [['ms !== undefined', 'true']],
  },
  'src/translation/evidence.ts': {
    'no URL can be parsed from undefined': [['url !== undefined', 'true']],
  },
  'src/translation/face.ts': {
    'no row keeps the status undefined': [['sent !== undefined', 'true']],
  },
  'src/translation/fields.ts': {
    'a clause without a colon names no field': [['[]', '["Stryker was here"]']],
    'beyond the end there is no character': [['at < text.length', 'at <= text.length']],
  },
  'src/translation/finding.ts': {
    'no code is known as undefined': [['envelope.code === undefined', 'false']],
  },
  'src/translation/foreign.ts': {
    'null inherits from nothing, so that it is no error either way': [['thrown === null', 'false']],
    'it is printed although that cannot fail': [
      ["({ value }) => typeof value !== 'object' && typeof value !== 'function'", '() => undefined'],
      ["typeof value !== 'object' && typeof value !== 'function'", 'false'],
      ['isSimple && error.errors === undefined && error[inspect.custom] === undefined', 'false'],
    ],
    'a stack is a text: all are printed': [
      ["typeof value !== 'object'", "typeof value === 'object'"],
      ["typeof value !== 'function'", "typeof value === 'function'"],
    ],
    'an error is printed as neither': [["''", '"Stryker was here!"']],
    'what is thrown is caught, and its words read by nobody': [["'too many prototypes'", '""']],
    'null has no headers': [['headers === null', 'false']],
    'whatever throws here cannot be borne': [
      ['ownerOf(headers, name)?.value', 'ownerOf(headers, name).value'],
    ],
  },
  'src/translation/http-error.ts': {
    'nothing is returned either way': [['{ return undefined; }', '{}']],
    'no reason phrase has two such characters in a row': [['/[^A-Z0-9]+/g', '/[^A-Z0-9]/g']],
    'undefined is as false': [['{ return false; }', '{}']],
  },
  'src/translation/plain.ts': {
    'nothing is returned either way': [['{ return undefined; }', '{}']],
    'undefined is as false': [['{ return false; }', '{}']],
    'to read null throws, which is caught; null has no values to freeze': [['value === null', 'false']],
    'no more of them are copied either way': [['source.slice(0, MAX_NODES)', 'source']],
    'the keys of an array are the same': [['Array.isArray(source)', 'false']],
    'a text has at least as many bytes as characters': [['raw.length > MAX_TEXT', 'false']],
  },
  'src/translation/override-rule.ts': {
    'no status is a text': [['[]', '["Stryker was here"]']],
  },
  'src/translation/recognise.ts': {
    'what is redacted twice is redacted': [
      ['sent === undefined || sent === apiKey', 'false'],
      ['sent === undefined || sent === apiKey', 'sent === undefined && sent === apiKey'],
      ['sent === undefined', 'false'],
      ['sent === apiKey', 'false'],
    ],
  },
  'src/translation/remembered.ts': {
    'what is known is kept': [['known !== undefined', 'false']],
  },
  'src/translation/retry-after.ts': {
    'V8 reads "GMT GMT" as it reads "GMT"': [["field.endsWith('GMT')", "field.startsWith('GMT')"]],
  },
  'src/translation/sheets.ts': {
    'other numbers, but still one for each choice': [
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
    ],
  },
  'src/translation/text.ts': {
    'in such a text nothing is removed': [
      ['PRINTABLE_ASCII.test(start)', 'false'],
      ['/^[ -~]*$/', '/^[ -~]$/'],
    ],
    'one by one all are removed': [['/[\\p{Cf}\\p{Cs}]+/gu', '/[\\p{Cf}\\p{Cs}]/gu']],
  },
  'src/translation/translate.ts': {
    'what was negotiated is offered': [
      ['settings.renderers.get(reading.media)?.sheets', 'settings.renderers.get(reading.media).sheets'],
    ],
  },
  'src/translation/transport.ts': {
    'nothing is returned either way': [['default: return undefined;', 'default:']],
    'of an empty level nothing is looked at': [
      ['level.length > 0', 'true'],
      ['level.length > 0', 'level.length >= 0'],
    ],
    'what is no object is left out': [['[]', '["Stryker was here"]']],
  },
};
