import { styleText } from 'node:util';

const isColoured = process.stdout.isTTY && !process.env.NO_COLOR;

export const LEVEL_COLOURS = { info: 'green', warn: 'yellow', error: 'red' };

/** Text in a colour or weight, if it goes to a terminal that may be coloured (https://no-color.org). */
export function style(format, text) {
  return isColoured ? styleText(format, text) : text;
}
