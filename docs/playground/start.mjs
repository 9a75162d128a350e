import { once } from 'node:events';
import { createClock } from './clock.mjs';
import { lakiconnectApi } from './lakiconnect.mjs';
import { printEvent } from './log.mjs';
import { indexPage } from './page.mjs';
import { expressPlatform } from './platform-express.mjs';
import { koaPlatform } from './platform-koa.mjs';
import { curlOf } from './requests.mjs';
import { meet } from './run.mjs';
import { GROUPS, SCENARIOS, STORIES } from './scenarios.mjs';
import { API_KEY, WEBHOOK_SECRET } from './secrets.mjs';
import { serve } from './serve.mjs';
import { printTable } from './table.mjs';
import { printVerdict } from './verdict.mjs';

const stopped = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);

const answered = SCENARIOS.filter(({ answer, down }) => answer !== undefined && !down);
const answers = new Map(answered.map(({ id, answer }) => [id, answer]));
const charged = [];
const lakiconnect = await serve(lakiconnectApi({ apiKey: API_KEY, answers, charged }));
const nobody = await serve(() => {});
const lakiconnectUrl = `${lakiconnect.url}/api/v2`;

const clock = createClock();
const journal = [];
let log = (event) => journal.push(event);
const settings = {
  apiKey: API_KEY,
  webhookSecret: WEBHOOK_SECRET,
  baseUrl: lakiconnectUrl,
  now: clock.now,
  onEvent: (event) => log(event),
};
const platforms = [];
for (const [name, make] of [
  ['Express', expressPlatform],
  ['Koa', koaPlatform],
]) {
  const gateway = lakiconnectUrl;
  const [up, down, hasty] = await Promise.all([
    serve(make({ ...settings, gateway })),
    serve(make({ ...settings, gateway: `${nobody.url}/api/v2` })),
    serve(make({ ...settings, gateway, timeoutMs: 400 })),
  ]);
  const urls = { url: up.url, downUrl: down.url, hastyUrl: hasty.url, lakiconnectUrl };
  platforms.push({ name, ...urls, servers: [up, down, hasty] });
}
nobody.close(); // last, so that no other server was given its port

console.log(
  `A stand-in of LakiConnect, and one platform in Express and in Koa: ${SCENARIOS.length} scenarios.`,
);
const met = new Map();
for (const story of STORIES) {
  for (const each of await meet(story, { platforms, clock, journal, charged })) met.set(each.scenario, each);
}
printTable(GROUPS, met);
printVerdict([...met.values()], platforms);

const servers = [lakiconnect, ...platforms.flatMap((platform) => platform.servers)];
if (process.argv.includes('--once')) {
  process.exitCode = [...met.values()].some(({ wrong }) => wrong.length > 0) ? 1 : 0;
} else {
  const index = await serve(indexPage(GROUPS, { met, platforms, clock }));
  servers.push(index);
  const [express] = platforms;
  const example = SCENARIOS.find(({ code }) => code === 'KYC_NOT_APPROVED');
  console.log(`
Try it       ${index.url}/
${platforms.map(({ name, url }) => `${name.padEnd(12)} ${url}`).join('\n')}
LakiConnect  ${lakiconnectUrl}, a stand-in

${curlOf([example], { platform: express, client: 'axios', audience: 'customer', shop: 'cm_demo', language: 'am' })}

Ctrl-C ends it. What the operators log from here on:
`);
  log = printEvent;
  clock.go();
  await stopped;
}
for (const server of servers) server.close();
