/** A proxy in a process of its own, where the test's own work does not slow it. */
import process from 'node:process';
import { startProxy } from './proxy.mjs';

const proxy = await startProxy(Number(process.argv[2]));
process.send(proxy.port);
process.on('disconnect', () => process.exit());
process.on('message', ([word, ...given]) => {
  proxy[word](...given);
  process.send('done');
});
