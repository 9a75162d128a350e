import { meet } from './run.mjs';
import { GROUPS, STORIES } from './scenarios.mjs';
import { openStage } from './stage.mjs';
import { printTable } from './table.mjs';
import { printVerdict } from './verdict.mjs';

/** Meets every scenario in every way, and prints what was seen. @returns whether all was as it should be. */
export async function tour() {
  const stage = await openStage();
  const met = new Map();
  for (const story of STORIES) {
    for (const each of await meet(story, stage)) met.set(each.scenario, each);
  }
  await stage.close();
  printTable(GROUPS, met);
  printVerdict([...met.values()], stage.platforms);
  return [...met.values()].every(({ wrong }) => wrong.length === 0);
}
