import { createHash } from 'node:crypto';

/**
 * What Redis does in one step, on one key, by its own clock. ARGV begins with a word that no other call has, and
 * so does the reply: a connection that is out of step gives one call the reply of another.
 */
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

/** Nothing is kept for ever; what is kept together, for as long as its longest part. */
const KEEP = `
local function keep(ms)
  if redis.call('PTTL', KEYS[1]) < tonumber(ms) then redis.call('PEXPIRE', KEYS[1], ms) end
end
`;

/**
 * One hash per merchant: `generation`, which changes when the merchant is forgotten, and per requirement
 * `fact:<name>` ("<when asked> <when written> <1 if met> <value>") and `claim:<name>` ("<until when> <whose>"). A fact from
 * the future was written before the clock was set back: nobody knows how old it is, and it is deleted.
 * Returns 'fresh', 'claimed' with a ticket ("<generation> <whose>"), or 'awaited', and then the fact. The
 * generation is kept for much longer than a claim: who claimed may be slow.
 *
 * ARGV: word, which becomes the generation where there is none, requirement, life of a "yes", life of a "no",
 * how long was waited, how long a claim lasts.
 */
export const READ = script(`${NOW}${KEEP}
local word, name, metMs, unmetMs = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local waitedMs, claimMs = tonumber(ARGV[5]), tonumber(ARGV[6])
local kept = redis.call('HMGET', KEYS[1], 'generation', 'fact:' .. name, 'claim:' .. name)
local at, written, met, value = string.match(kept[2] or '', '^(%d+) (%d+) ([01]) (.*)$')
local age = at and now - at
if age and (age < 0 or now - written < 0) then
  redis.call('HDEL', KEYS[1], 'fact:' .. name)
  age, met, value = nil, nil, nil
end
if age and (age < (met == '1' and metMs or unmetMs) or now - written < waitedMs) then
  return { word, 'fresh', '', met, value, age }
end
local claim = tonumber(string.match(kept[3] or '', '^%d+')) or 0
if claim > now and claim <= now + claimMs then
  return { word, 'awaited', '', met or '', value or '', age or 0 }
end
local generation = kept[1] or word
local claimed = string.format('%.0f %s', now + claimMs, word)
redis.call('HSET', KEYS[1], 'generation', generation, 'claim:' .. name, claimed)
keep(10 * claimMs)
return { word, 'claimed', generation .. ' ' .. word, met or '', value or '', age or 0 }
`);

/**
 * Ends a claim, and keeps what was found unless the merchant was forgotten meanwhile, or somebody asked later.
 * What is gone as a whole was evicted or has expired: then nothing is kept either, but nothing is known to be
 * wrong.
 *
 * ARGV: word, requirement, ticket, 1 if there is a fact, 1 if met, value, its age, how long it is kept.
 */
export const WRITE = script(`${NOW}${KEEP}
local word, name = ARGV[1], ARGV[2]
local known, whose = string.match(ARGV[3], '^(%S+) (%S+)$')
local kept = redis.call('HMGET', KEYS[1], 'generation', 'claim:' .. name, 'fact:' .. name)
if not kept[1] then return { word, 1 } end
if kept[1] ~= known then return { word, 0 } end
if string.match(kept[2] or '', ' (%S+)$') == whose then redis.call('HDEL', KEYS[1], 'claim:' .. name) end
if ARGV[4] == '1' then
  local at, earlier = now - ARGV[7], tonumber(string.match(kept[3] or '', '^%d+'))
  if not earlier or earlier <= at or earlier > now then
    redis.call('HSET', KEYS[1], 'fact:' .. name, string.format('%.0f %.0f %s %s', at, now, ARGV[5], ARGV[6]))
    keep(ARGV[8])
  end
end
return { word, 1 }
`);

/**
 * Begins with what a Redis that is full still does, and may then write. The new generation outlives the lookups
 * under way.
 *
 * ARGV: word, which becomes the generation, channel, merchant's id, how long the generation is kept.
 */
export const FORGET = script(`
redis.call('DEL', KEYS[1])
redis.call('PUBLISH', ARGV[2], ARGV[3])
redis.call('HSET', KEYS[1], 'generation', ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return { ARGV[1] }
`);

/**
 * One hash per idempotency key: `fingerprint`, and while a request is under way `until` and `owner`. A lease that lasts
 * longer than any is given out for was given out before the clock was set back: it begins anew.
 *
 * ARGV: word, owner, fingerprint, how long the lease lasts, how long the key is kept.
 */
export const BEGIN = script(`${NOW}
local word, owner, leaseMs = ARGV[1], ARGV[2], tonumber(ARGV[4])
local kept = redis.call('HMGET', KEYS[1], 'fingerprint', 'until', 'owner')
if kept[1] and kept[1] ~= ARGV[3] then return { word, 'conflict' } end
local lasts = string.format('%.0f', now + leaseMs)
local ends = tonumber(kept[2] or '') or 0
if kept[3] and kept[3] ~= owner and ends > now then
  if ends > now + leaseMs then redis.call('HSET', KEYS[1], 'until', lasts) end
  return { word, 'in-progress' }
end
redis.call('HSET', KEYS[1], 'fingerprint', ARGV[3], 'until', lasts, 'owner', owner)
redis.call('PEXPIRE', KEYS[1], ARGV[5])
return { word, 'begun' }
`);

/** Ends a request, but not another's with the same key. ARGV: word, owner, how long the key is kept. */
export const FINISH = script(`
if redis.call('HGET', KEYS[1], 'owner') == ARGV[2] then
  redis.call('HDEL', KEYS[1], 'until', 'owner')
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
end
return { ARGV[1] }
`);

/** ARGV: word. Where `CONFIG` is forbidden, as managed services do, `INFO` is not. */
export const EVICTION_POLICY = script(`
return { ARGV[1], string.match(redis.call('INFO', 'memory'), 'maxmemory_policy:(%S+)') }
`);

/** ARGV: word, channel, milliseconds. */
export const COOL = script(`
redis.call('PUBLISH', ARGV[2], ARGV[3])
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[3]) then redis.call('SET', KEYS[1], '1', 'PX', ARGV[3]) end
return { ARGV[1] }
`);

/** ARGV: word. */
export const COOL_FOR = script(`return { ARGV[1], redis.call('PTTL', KEYS[1]) }`);
