/** Types that entries use and do not export, and why: nobody has to name them. */
export const ACCEPTED = {
  'written out wherever it is used': ['AudienceOf', 'Awaitable', 'Callable', 'Listener', 'MerchantIdOf'],
  'the table that exported types are made of': [
    'ACTIONS',
    'ENVELOPES',
    'Failing',
    'FAULTS',
    'Mask',
    'Row',
    'RULES',
  ],
  'what an exported type extends': ['Base', 'Core', 'Guards'],
  "as much of a framework's or client's own type as is used": [
    'ExpressApp',
    'HandledResponse',
    'IncomingRequest',
    'Laki',
    'Method',
    'Middleware',
    'MiddlewareContext',
    'OutgoingResponse',
    'PresentHeaders',
    'WebhookContext',
  ],
  "named by the property that it is of, such as Explanation['kindBy']": [
    'Attribution',
    'KindBy',
    'Maker',
    'OutcomeBy',
    'Reason',
  ],
  'what travels with an error, for this library alone': ['LanguageNegotiation', 'OwnRow', 'Texts'],
};
