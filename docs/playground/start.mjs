import { once } from 'node:events';
import { lakiconnectApi } from './lakiconnect.mjs';
import { printEvent } from './log.mjs';
import { indexPage } from './page.mjs';
import { expressPlatform } from './platform-express.mjs';
import { koaPlatform } from './platform-koa.mjs';
import { curlOf } from './requests.mjs';
import { meet } from './run.mjs';
import { GROUPS, SCENARIOS } from './scenarios.mjs';
import { serve } from './serve.mjs';
import { printTable } from './table.mjs';
import { printVerdict } from './verdict.mjs';

const stopped = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);

const apiKey = 'lk_pub_demo:lk_sec_demo';
const reachable = SCENARIOS.filter(({ down }) => !down);
const answers = new Map(reachable.map(({ id, answer }) => [id, answer]));
const lakiconnect = await serve(lakiconnectApi({ apiKey, answers }));
const nobody = await serve(() => {});

const journal = [];
let log = (event) => journal.push(event);
const settings = { apiKey, timeoutMs: 400, onEvent: (event) => log(event) };
const platforms = [];
for (const [name, make] of [
  ['Express', expressPlatform],
  ['Koa', koaPlatform],
]) {
  const [up, down] = await Promise.all(
    [lakiconnect, nobody].map(({ url }) => serve(make({ ...settings, baseUrl: `${url}/api/v2` }))),
  );
  platforms.push({ name, url: up.url, downUrl: down.url, servers: [up, down] });
}
nobody.close(); // last, so that no other server was given its port

console.log(
  `A stand-in of LakiConnect, and one platform in Express and in Koa: ${SCENARIOS.length} scenarios.`,
);
const met = new Map();
for (const scenario of SCENARIOS) met.set(scenario, await meet(scenario, platforms, journal));
printTable(GROUPS, met);
printVerdict([...met.values()], platforms);

const servers = [lakiconnect, ...platforms.flatMap((platform) => platform.servers)];
if (process.argv.includes('--once')) {
  process.exitCode = [...met.values()].some(({ wrong }) => wrong.length > 0) ? 1 : 0;
} else {
  const index = await serve(indexPage(GROUPS, met, platforms));
  servers.push(index);
  const [express] = platforms;
  const example = SCENARIOS.find(({ code }) => code === 'KYC_NOT_APPROVED');
  console.log(`
Try it       ${index.url}/
${platforms.map(({ name, url }) => `${name.padEnd(12)} ${url}`).join('\n')}
LakiConnect  ${lakiconnect.url}/api/v2, a stand-in

${curlOf(example, { platform: express, client: 'axios', audience: 'customer', shop: 'cm_demo', language: 'am' })}

Ctrl-C ends it. What the operators log from here on:
`);
  log = printEvent;
  await stopped;
}
for (const server of servers) server.close();
