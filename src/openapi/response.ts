import type { Description } from '../describe.js';
import { BODIES, DECISIVE, type Told } from './bodies.js';
import {
  reference,
  sorted,
  type Components,
  type MediaTypeObject,
  type ReferenceObject,
  type ResponseObject,
} from './document.js';
import { exampleOf, type Example, type Given } from './examples.js';
import { headersOf } from './headers.js';

/** The replies of one status as a response, and what it refers to. */
export function responseOf(
  given: readonly Given[],
  description: Description,
): { readonly response: ResponseObject; readonly components: Components } {
  const headers = headersOf(
    given.map(({ reply }) => reply),
    description,
  );
  const body = description.format && BODIES[description.format];
  const schema =
    body === undefined ? {} : { allOf: [reference('schemas', body.name), body.narrowed(toldBy(given))] };
  const examples = new Map<string, Example>();

  function contentOf(media: string): MediaTypeObject {
    const shown = new Map<string, ReferenceObject>();
    for (const example of given.filter((one) => one.media === media).flatMap((one) => exampleOf(one) ?? [])) {
      if (!examples.has(example.component)) examples.set(example.component, example);
      shown.set(example.name, reference('examples', example.component));
    }
    return {
      schema: media.startsWith('text/') ? { type: 'string' } : schema,
      ...(shown.size === 0 ? {} : { examples: sorted(shown) }),
    };
  }

  return {
    response: {
      description: summaryOf(given, description),
      headers: sorted(headers.map(({ name, component }) => [name, reference('headers', component)])),
      content: Object.fromEntries(description.media.map((media) => [media, contentOf(media)])),
    },
    components: {
      schemas: body === undefined ? {} : { [body.name]: body.schema },
      headers: Object.fromEntries(headers.map(({ component, object }) => [component, object])),
      examples: Object.fromEntries([...examples].map(([component, { object }]) => [component, object])),
    },
  };
}

function toldBy(given: readonly Given[]): Told {
  return Object.fromEntries(
    DECISIVE.map((member) => [member, [...new Set(given.map(({ reply }) => reply.problem[member]))].sort()]),
  ) as unknown as Told;
}

/** Each code with its title, in the default language. */
function summaryOf(given: readonly Given[], { locales }: Description): string {
  const titles = new Map<string, string>();
  for (const { reply } of given) {
    const { code, title, outcome } = reply.problem;
    if (reply.headers['content-language'] === locales[0] && outcome === 'rejected') titles.set(code, title);
  }
  return Object.entries(sorted(titles))
    .map(([code, title]) => `\`${code}\`: ${title}.`)
    .join('\n\n');
}
