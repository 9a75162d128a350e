/** What is done with a document of an API, by others' tools. */
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorResponses } from 'lakiconnect-middleware/openapi';
import type { OpenAPIV3_1 } from 'openapi-types';

/** A document with one operation, which fails as described. */
export function documentWith({ components, responses }: ErrorResponses) {
  return {
    openapi: '3.1.0',
    info: { title: 'Shop', version: '1.0.0' },
    paths: {
      '/charges': { post: { responses: { 201: { description: 'It is paid.' }, ...responses } } },
    },
    components: { ...components },
  } satisfies OpenAPIV3_1.Document;
}

/** What is wrong with such a document, by OpenAPI's own schema. */
export async function faultsOf(made: ErrorResponses): Promise<unknown> {
  const { valid, errors } = await new Validator({ strict: false }).validate(documentWith(made));
  return valid ? undefined : errors;
}

/** The object that a reference stands for. */
export function resolved(made: ErrorResponses, { $ref }: { readonly $ref: string }): unknown {
  return $ref
    .slice(2)
    .split('/')
    .reduce((found, key) => (found as Record<string, unknown>)[key], made as unknown);
}

const judges = new Map<string, ReturnType<typeof judge>>();

/** Judges bodies and headers by a document's schemas; made once for all documents that say the same. */
export function judgeOf(made: ErrorResponses) {
  const text = JSON.stringify(made);
  const known = judges.get(text) ?? judge(made);
  judges.set(text, known);
  return known;
}

function judge(made: ErrorResponses) {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema({ $id: 'https://shop.example/made', ...made });
  const validators = new Map<string, ReturnType<typeof ajv.compile>>();
  const faults = (path: readonly string[], value: unknown): unknown => {
    const pointer = path.map((key) => key.replaceAll('~', '~0').replaceAll('/', '~1')).join('/');
    const validate =
      validators.get(pointer) ?? ajv.compile({ $ref: `https://shop.example/made#/${pointer}` });
    validators.set(pointer, validate);
    return validate(value) ? undefined : validate.errors;
  };
  return {
    ofBody: (status: number, media: string, body: unknown) =>
      faults(['responses', String(status), 'content', media, 'schema'], body),
    ofHeader: (component: string, value: unknown) =>
      faults(['components', 'headers', component, 'schema'], value),
  };
}
