import { once } from 'node:events';
import { playground } from './playground.mjs';
import { serve } from './serve.mjs';
import { tour } from './tour.mjs';

if (process.argv.includes('--once')) {
  process.exitCode = (await tour()) ? 0 : 1;
} else {
  const server = await serve(playground, Number(process.env.PORT ?? 0));
  console.log(`The playground is at ${server.url}/\nCtrl-C ends it.`);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  server.close();
}
