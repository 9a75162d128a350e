/** Keeps the lines of the default reporter out of the output of tests. Everything else reaches the console. */
const LINE = /^lakiconnect (?:warn|error) /;

for (const level of ['warn', 'error'] as const) {
  const { [level]: write } = console;
  console[level] = (...written: unknown[]) => {
    const [line] = written;
    if (typeof line !== 'string' || !LINE.test(line)) write.apply(console, written);
  };
}
