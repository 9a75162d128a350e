/** Headers of an answer that was begun and is given up: they would speak of a body that is never sent. */
export const STALE = [
  'accept-ranges',
  'content-disposition',
  'content-encoding',
  'content-range',
  'etag',
  'expires',
  'last-modified',
  'location',
  'retry-after',
  'trailer',
  'transfer-encoding',
] as const;
