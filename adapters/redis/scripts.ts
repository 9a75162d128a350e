import { createHash } from 'node:crypto';

/** What Redis does in one step, on one key, by its own clock. */
export interface Script {
  readonly lua: string;
  /** By which Redis knows it again. */
  readonly sha: string;
}

const script = (lua: string): Script => ({ lua, sha: createHash('sha1').update(lua).digest('hex') });

const NOW = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

/** Nothing is kept for ever, and what is kept together as long as any of it has to be. */
const KEEP = `
local function keep(ms)
  if redis.call('PTTL', KEYS[1]) < tonumber(ms) then redis.call('PEXPIRE', KEYS[1], ms) end
end
`;

/**
 * One hash per merchant: `generation`, which changes when the merchant is forgotten, and per requirement
 * `fact:<name>` ("<when asked> <when written> <1 if met> <value>") and `claim:<name>` (until when). Returns 'fresh', 'claimed' with
 * the generation as ticket, or 'awaited', and then the fact.
 *
 * ARGV: requirement, life of a "yes", life of a "no", how long was waited, how long a claim lasts, a generation
 * where there is none.
 */
export const READ = script(`${NOW}${KEEP}
local name, metMs, unmetMs = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local waitedMs, claimMs = tonumber(ARGV[4]), tonumber(ARGV[5])
local kept = redis.call('HMGET', KEYS[1], 'generation', 'fact:' .. name, 'claim:' .. name)
local at, written, met, value = string.match(kept[2] or '', '^(%d+) (%d+) ([01]) (.*)$')
local age = at and now - at
if age and age >= 0 and (age < (met == '1' and metMs or unmetMs) or now - written < waitedMs) then
  return { 'fresh', '', met, value, age }
end
local claim = tonumber(kept[3] or 0) or 0
if claim > now and claim <= now + claimMs then return { 'awaited', '', met or '', value or '', age or 0 } end
local generation = kept[1] or ARGV[6]
redis.call('HSET', KEYS[1], 'generation', generation, 'claim:' .. name, string.format('%.0f', now + claimMs))
keep(claimMs)
return { 'claimed', generation, met or '', value or '', age or 0 }
`);

/**
 * Ends a claim, and keeps what was found unless the merchant was forgotten meanwhile. What is gone as a whole
 * was evicted or has expired: then nothing is kept either, but nothing is known to be wrong.
 *
 * ARGV: requirement, ticket, 1 if there is a fact, 1 if met, value, its age, how long it is kept.
 */
export const WRITE = script(`${NOW}${KEEP}
local name = ARGV[1]
local generation = redis.call('HGET', KEYS[1], 'generation')
if not generation then return 1 end
if generation ~= ARGV[2] then return 0 end
redis.call('HDEL', KEYS[1], 'claim:' .. name)
if ARGV[3] == '1' then
  local fact = string.format('%.0f %.0f %s %s', now - ARGV[6], now, ARGV[4], ARGV[5])
  redis.call('HSET', KEYS[1], 'fact:' .. name, fact)
  keep(ARGV[7])
end
return 1
`);

/**
 * Begins with what a Redis that is full still does, and may then write. The new generation outlives the lookups
 * under way.
 *
 * ARGV: channel, merchant's id, a new generation, how long it is kept.
 */
export const FORGET = script(`
redis.call('DEL', KEYS[1])
redis.call('PUBLISH', ARGV[1], ARGV[2])
redis.call('HSET', KEYS[1], 'generation', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1
`);

/** ARGV: channel, milliseconds. */
export const COOL = script(`
redis.call('PUBLISH', ARGV[1], ARGV[2])
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then redis.call('SET', KEYS[1], '1', 'PX', ARGV[2]) end
return 1
`);

export const COOL_FOR = script(`return redis.call('PTTL', KEYS[1])`);
