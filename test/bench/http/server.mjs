/** One app in a process of its own: `node server.mjs express guards 'both guards'`. Says where it listens. */
import { createServer } from 'node:http';
import process from 'node:process';

// Some peers tell of each error there, which would be most of what they cost.
console.error = () => undefined;

const [framework, group, name] = process.argv.slice(2);
const { bare, ours, peers } = (await import(`./${framework}.mjs`))[group];
const app = await { bare, ...ours, ...peers }[name]();
const server = createServer(app).listen(0, '127.0.0.1', () => process.send(server.address().port));
process.on('disconnect', () => process.exit());
