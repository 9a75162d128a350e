const WATCHED = [Object, Array, String, Function, Error].map(({ prototype }) => prototype);

const pictureOf = (prototype) =>
  Reflect.ownKeys(prototype).map((key) => [key, Object.getOwnPropertyDescriptor(prototype, key)]);

const before = WATCHED.map(pictureOf);

/** Whether every value has inherited a property; a glance, for each case. */
export function isPolluted() {
  for (const key in {}) return key !== undefined;
  return false;
}

/** Whether anything was added to a prototype, taken from it or replaced. */
export function isTampered() {
  return WATCHED.some((prototype, at) => {
    const now = pictureOf(prototype);
    return (
      now.length !== before[at].length ||
      now.some(([key, { value, get, set }], place) => {
        const [was, old] = before[at][place];
        return key !== was || value !== old.value || get !== old.get || set !== old.set;
      })
    );
  });
}
