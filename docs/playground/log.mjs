import { LEVEL_COLOURS, style } from './style.mjs';

/** Prints an event of the library as a line of a log. */
export function printEvent({ level, type, ...properties }) {
  const pairs = Object.entries(properties).map(([name, value]) => {
    const text = String(value);
    return `${name}=${/\s/.test(text) ? JSON.stringify(text) : text}`;
  });
  console.log(`${style(LEVEL_COLOURS[level], level.padEnd(5))} ${type} ${pairs.join(' ')}`);
}
