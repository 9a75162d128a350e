/** What a route's document says, word for word: tools make code of it. */
import { expect, test } from '@jest/globals';
import { createLakiConnect, en, kycApproved, type Options } from 'lakiconnect-middleware';
import { errorResponses } from 'lakiconnect-middleware/openapi';

const SETTINGS = { apiKey: 'lk_pub_1:lk_sec_1', merchantId: () => 'cm_1', locales: [en] } as const;

const described = (options: Options<object> = {}) =>
  errorResponses(createLakiConnect<object>({ ...SETTINGS, ...options }), { guards: [kycApproved] });

const requestId = {
  type: 'string',
  pattern: '^[A-Za-z0-9._:-]{1,128}$',
  description: "The payment provider's id of the request, for support. Absent where it was never sent.",
};
const code = { type: 'string', description: 'What went wrong, for programs.' };
const field = { type: 'string', description: 'The field that was refused.' };
const issue = { type: 'string', description: 'What is wrong with it.' };
const words = 'What happened and what to do next, in the language of the reply.';
const wait = { type: 'integer', minimum: 1, maximum: 86400 };

test('The schema of a problem', () => {
  expect(described().components.schemas).toEqual({
    LakiConnectProblem: {
      description: 'What went wrong, as problem details (RFC 9457).',
      type: 'object',
      properties: {
        type: { type: 'string', format: 'uri-reference', description: 'A URI that names the code.' },
        title: { type: 'string', description: 'What happened, in the language of the reply.' },
        status: { type: 'integer', minimum: 400, maximum: 599, description: 'The HTTP status, once more.' },
        detail: { type: 'string', description: words },
        code,
        request_id: requestId,
        retryable: { type: 'boolean', description: 'Whether the very same request may be sent again.' },
        outcome: {
          type: 'string',
          enum: ['rejected', 'unknown'],
          description:
            '`rejected`: nothing was done. `unknown`: it may have been done; look before you send it again.',
        },
        action: {
          type: 'string',
          enum: ['correct', 'wait', 'check', 'onboard', 'other-way', 'contact'],
          description:
            'What to do next. `correct`: change the input. `wait`: as long as `retry_after` says, then send the same. `check`: whether it was done, before anything else. `onboard`: finish the set-up. `other-way`: pay in another way, or elsewhere. `contact`: ask for help.',
        },
        errors: {
          description: 'The fields that were refused.',
          type: 'array',
          minItems: 1,
          items: { type: 'object', properties: { field, detail: issue }, required: ['field', 'detail'] },
        },
        retry_after: { ...wait, description: 'Seconds to wait, as in the `Retry-After` header.' },
      },
      required: ['type', 'title', 'status', 'detail', 'code', 'retryable', 'outcome', 'action'],
    },
  });
});

test('The schema of the shape of LakiConnect', () => {
  expect(described({ format: 'envelope' }).components.schemas).toEqual({
    LakiConnectError: {
      description: 'What went wrong.',
      type: 'object',
      properties: {
        error: {
          type: 'object',
          properties: {
            code,
            message: { type: 'string', description: words },
            details: {
              description: 'The fields that were refused.',
              type: 'array',
              items: { type: 'object', properties: { field, issue }, required: ['field', 'issue'] },
            },
          },
          required: ['code', 'message', 'details'],
        },
        request_id: requestId,
      },
      required: ['error'],
    },
  });
});

const header = (name: string) => ({ $ref: `#/components/headers/LakiConnect${name}` });
const HEADERS = {
  'Cache-Control': header('CacheControl'),
  'Content-Language': header('ContentLanguage'),
  'Retry-After': header('RetryAfter'),
  Vary: header('Vary'),
  'X-Content-Type-Options': header('XContentTypeOptions'),
};

test('A response of problems, and what it refers to', () => {
  const { components, responses } = described();
  const content = {
    schema: {
      allOf: [
        { $ref: '#/components/schemas/LakiConnectProblem' },
        {
          properties: {
            type: { enum: ['urn:problem-type:lakiconnect:undetermined'] },
            status: { enum: [503] },
            code: { enum: ['UNDETERMINED'] },
            outcome: { enum: ['rejected'] },
            action: { enum: ['wait'] },
          },
        },
      ],
    },
    examples: {
      'UNDETERMINED.en': { $ref: '#/components/examples/LakiConnect.503.UNDETERMINED.customer.en' },
    },
  };
  expect(responses['503']).toEqual({
    description: '`UNDETERMINED`: Please try again in a moment.',
    headers: { ...HEADERS, 'Content-Security-Policy': header('ContentSecurityPolicy') },
    content: {
      'application/problem+json': content,
      'application/json': content,
      'text/html': { schema: { type: 'string' } },
      'text/plain': {
        schema: { type: 'string' },
        examples: {
          'UNDETERMINED.en': { $ref: '#/components/examples/LakiConnect.503.UNDETERMINED.customer.en.text' },
        },
      },
    },
  });

  const { title, detail } = en.texts.UNDETERMINED.customer;
  expect(components.examples).toMatchObject({
    'LakiConnect.503.UNDETERMINED.customer.en': {
      summary: title,
      value: {
        type: 'urn:problem-type:lakiconnect:undetermined',
        title,
        status: 503,
        detail,
        code: 'UNDETERMINED',
        retryable: true,
        outcome: 'rejected',
        action: 'wait',
        retry_after: 1,
      },
    },
    'LakiConnect.503.UNDETERMINED.customer.en.text': {
      summary: title,
      value: `${title}\n\n${detail}\n`,
    },
  });
  expect(components.headers).toEqual({
    LakiConnectCacheControl: {
      description: 'An error is never kept.',
      schema: { type: 'string', const: 'no-store' },
    },
    LakiConnectContentLanguage: {
      description: 'The language of the words.',
      schema: { type: 'string', enum: ['en'] },
    },
    LakiConnectContentSecurityPolicy: {
      description: 'Of a page: it loads nothing.',
      schema: { type: 'string', const: expect.stringMatching(/^default-src 'none'; /) },
    },
    LakiConnectRetryAfter: { description: 'Seconds to wait.', schema: wait },
    LakiConnectVary: {
      description: 'What the reply depends on, beside what other parts of the server have set.',
      schema: { type: 'string', examples: ['Accept, Accept-Language'] },
    },
    LakiConnectXContentTypeOptions: {
      description: 'The media type is as told.',
      schema: { type: 'string', const: 'nosniff' },
    },
  });
});

test('A response in the shape of LakiConnect, where there are no pages', () => {
  const example = '#/components/examples/LakiConnect.503.UNDETERMINED.customer.en';
  expect(described({ format: 'envelope', html: false }).responses['503']).toEqual({
    description: '`UNDETERMINED`: Please try again in a moment.',
    headers: HEADERS,
    content: {
      'application/json': {
        schema: {
          allOf: [
            { $ref: '#/components/schemas/LakiConnectError' },
            { properties: { error: { properties: { code: { enum: ['UNDETERMINED'] } } } } },
          ],
        },
        examples: { 'UNDETERMINED.en': { $ref: example } },
      },
      'text/plain': {
        schema: { type: 'string' },
        examples: { 'UNDETERMINED.en': { $ref: `${example}.text` } },
      },
    },
  });
});
