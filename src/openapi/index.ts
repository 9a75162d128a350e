export { errorResponses } from './error-responses.js';
export type { ErrorResponsesOptions } from './options.js';
export type {
  Components,
  ErrorResponses,
  ExampleObject,
  HeaderObject,
  MediaTypeObject,
  ReferenceObject,
  ResponseObject,
} from './document.js';
