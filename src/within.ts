/** Tells whether something is less than `ms` milliseconds ago. A clock that was set back makes it longer ago. */
export function within(now: () => number): (since: number, ms: number) => boolean {
  return (since, ms) => {
    const age = now() - since;
    return age >= 0 && age < ms;
  };
}
