import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compare, start, warmUp } from './pairs.mjs';
import { path } from './shop.mjs';

/** How far two copies of the same server may seem to differ. */
const TOLERANCE = { express: 0.03, koa: 0.05 };

/** What a group asks of each server, in wrk's words. `folder` is for the script that a POST needs. */
function targetOf({ method = 'GET', headers = {}, body }, connections, folder) {
  const args = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  if (method === 'GET') return { path, args, connections };
  const script = join(folder, 'post.lua');
  writeFileSync(script, `wrk.method = ${JSON.stringify(method)}\nwrk.body = [==[${body}]==]\n`);
  return { path, args: [...args, '-s', script], connections };
}

/** That a server does what its name says. */
async function verify(server, { method, headers, body, status, statuses = {} }, name) {
  const response = await fetch(server.url + path, { method, headers, body });
  const expected = statuses[name] ?? status;
  if (response.status !== expected) {
    throw new Error(`"${name}" answers ${response.status}, expected ${expected}: ${await response.text()}`);
  }
  return response.text();
}

/**
 * Runs a group of a framework: two controls, which are copies of the bare app, and the others that are asked for.
 *
 * @returns a row for each, and whether the controls were still enough to believe them; what comes after one that was
 * not is left out.
 */
export async function runGroup(framework, name, { pairs, names, connections = 16, folder, tell }) {
  const group = (await import(`./${framework}.mjs`))[name];
  const target = targetOf(group, connections, folder);
  const base = await start(framework, name, 'bare');
  await verify(base, group, 'bare');
  await warmUp(base, target);
  const rows = [];

  async function run(variant, kind) {
    const server = await start(framework, name, variant);
    await verify(server, group, variant);
    await warmUp(server, target);
    const row = {
      framework,
      group: name,
      kind,
      name: variant,
      connections,
      ...(await compare(base, server, target, pairs)),
    };
    await server.stop();
    tell(row);
    rows.push(row);
  }

  const named = (apps, kind) => Object.keys(apps).flatMap((one) => (names(one) ? [[one, kind]] : []));
  const control = ['bare', 'control'];
  const isStill = () =>
    rows.every(({ kind, ratio }) => kind !== 'control' || Math.abs(1 - ratio) <= TOLERANCE[framework]);
  for (const [variant, kind] of [
    control,
    ...named(group.ours, 'ours'),
    ...named(group.peers, 'peer'),
    control,
  ]) {
    if (isStill()) await run(variant, kind);
  }
  await base.stop();
  return { rows, isStill: isStill() };
}
