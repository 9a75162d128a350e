/**
 * What becomes part of an OpenAPI document, as far as it is used here. Schemas are plain objects, and nothing is
 * read-only, so that the types of every other tool accept it.
 * Source: https://spec.openapis.org/oas/v3.1.1.html
 */
export interface ErrorResponses {
  /** What `responses` refer to. What has the same name says the same, whatever it was made for. */
  components: Components;
  /** By status: to be put beside an operation's other responses. */
  responses: Record<string, ResponseObject>;
}

export interface Components {
  schemas: Record<string, object>;
  headers: Record<string, HeaderObject>;
  examples: Record<string, ExampleObject>;
}

export interface ResponseObject {
  description: string;
  headers: Record<string, ReferenceObject>;
  content: Record<string, MediaTypeObject>;
}

export interface MediaTypeObject {
  schema: object;
  examples?: Record<string, ReferenceObject>;
}

export interface HeaderObject {
  description: string;
  schema: object;
}

export interface ExampleObject {
  summary: string;
  value: unknown;
}

export interface ReferenceObject {
  $ref: string;
}

export function reference(section: keyof Components, name: string): ReferenceObject {
  return { $ref: `#/components/${section}/${name}` };
}

/** By name, so that the same is written in the same order. */
export function sorted<T>(record: Iterable<readonly [string, T]>): Record<string, T> {
  return Object.fromEntries([...record].sort(([one], [other]) => (one < other ? -1 : 1)));
}
