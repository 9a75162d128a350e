import { CLIENT_NAMES } from './clients.mjs';
import { AUDIENCES, LANGUAGES } from './run.mjs';
import { style } from './style.mjs';

const SHOWN = 5;

/** Prints whether all clients and both frameworks agreed, and where not. */
export function printVerdict(met, platforms) {
  const wrong = met.flatMap((each) => each.wrong);
  const replies = met.reduce((sum, each) => sum + each.replies, 0);
  for (const text of wrong.slice(0, SHOWN)) console.log(style('red', `\n${text}`));
  if (wrong.length > SHOWN) console.log(`\n… and ${wrong.length - SHOWN} more`);

  const factors = [
    `${met.length} scenarios`,
    `${CLIENT_NAMES.length} clients (${CLIENT_NAMES.join(', ')})`,
    `${platforms.length} frameworks (${platforms.map(({ name }) => name).join(', ')})`,
    `${AUDIENCES.length} readers`,
    `${LANGUAGES.length} languages`,
  ];
  console.log(`\n${factors.join(' × ')} = ${replies} replies:`);
  console.log(
    wrong.length === 0
      ? style('green', `All agree. ${FOUND_NOWHERE}`)
      : style('red', `${wrong.length} of them are not as they should be.`),
  );
}

const FOUND_NOWHERE =
  'No reply differs by client or framework, none carries a secret, a cookie or a page of LakiConnect, and the guards held back whom they should and nobody else.';
